"""The consumer: one transaction writes the effects of a batch of deliveries and their inbox rows.

A delivery is acknowledged only after one of these:

- its effect is committed, now or earlier;
- it is published to a delay queue, to be tried again later;
- it is published to the queue of dead letters.

While the database does not answer, the batch waits. That does not count as a try.
"""

import asyncio
import traceback
from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from opentelemetry.trace import SpanKind

from shared import cause, metrics
from shared.bus.inbox import Inbox
from shared.bus.publisher import CONNECTION_ERRORS, Publisher, PublishFailed, open_connection
from shared.bus.subscriptions import Delivery, Reaction, Subscription
from shared.bus.topology import (
    dead_queue,
    declare_delays,
    declare_exchange,
    declare_queue,
    delay_exchange,
)
from shared.clock import Clock
from shared.contracts.base import Envelope, Event, UnknownEvent, UnreadableMessage, read_wire
from shared.mongo import Mongo, Tx, is_outage
from shared.stop import Stop
from shared.telemetry import span

log = structlog.get_logger(__name__)


class Incoming(NamedTuple):
    message: AbstractIncomingMessage
    envelope: Envelope
    event: Event
    reaction: Reaction[Any]

    @property
    def attempt(self) -> int:
        """The number of this try, from 1."""
        return int(str((self.message.headers or {}).get("x-attempt", 0))) + 1


class Stopped(Exception):
    """The process ends. Deliveries that it still has go back to the queue."""


class Consumer:
    """Consumes one subscription."""

    def __init__(
        self,
        subscription: Subscription,
        *,
        url: str,
        mongo: Mongo,
        publisher: Publisher,
        clock: Clock,
        prefetch: int,
        batch: int,
        pause: float,
        retry_after: Sequence[float],
    ) -> None:
        self._subscription = subscription
        self.queue = self._queue = subscription.queue
        self._url = url
        self._mongo = mongo
        self._publisher = publisher
        self._inbox = Inbox(mongo)
        self._clock = clock
        self._prefetch = prefetch
        self._batch = batch
        self._pause = pause
        self._retry_after = retry_after
        self.connected = False

    async def run(self, stop: Stop) -> None:
        """Consume until `stop` is set; connect again whenever the connection is lost."""
        while not stop.is_set():
            try:
                connection = await open_connection(self._url, f"{self._queue} consumer")
                async with connection:
                    await self._serve(await connection.channel(), stop)
            except Stopped:
                return
            except (*CONNECTION_ERRORS, PublishFailed) as error:
                log.warning("consumer.connection_lost", queue=self._queue, error=_brief(error))
                await stop.sleep(self._pause)
            finally:
                self.connected = False

    async def _serve(self, channel: AbstractChannel, stop: Stop) -> None:
        held: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()

        def wake(*_: object) -> None:  # the process should end, or the channel is closed
            held.put_nowait(None)

        async def hold(message: AbstractIncomingMessage) -> None:
            held.put_nowait(message)

        queue = await self._declare(channel)
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(wake)
        channel.close_callbacks.add(wake)
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(wake)
        try:
            tag = await queue.consume(hold)
            self.connected = True
            while (first := await held.get()) is not None:
                await self._settle(self._collect(first, held), stop)
            if not stop.is_set():
                return
            await queue.cancel(tag)  # nothing more comes; finish what has come already
            while not held.empty():
                if (first := held.get_nowait()) is not None:
                    await self._settle(self._collect(first, held), stop)
        finally:
            stopping.cancel()

    async def _declare(self, channel: AbstractChannel) -> AbstractQueue:
        await channel.set_qos(prefetch_count=self._prefetch)
        await declare_exchange(channel)
        await declare_delays(channel, self._retry_after)
        return await declare_queue(channel, self._queue, self._subscription.reactions)

    def _collect(
        self,
        first: AbstractIncomingMessage,
        held: "asyncio.Queue[AbstractIncomingMessage | None]",
    ) -> list[AbstractIncomingMessage]:
        """The deliveries that have arrived by now, up to one batch."""
        batch = [first]
        while len(batch) < self._batch and not held.empty():
            message = held.get_nowait()
            if message is None:
                held.put_nowait(None)  # a wake-up: leave it for the caller
                break
            batch.append(message)
        return batch

    async def _settle(self, batch: list[AbstractIncomingMessage], stop: Stop) -> None:
        incoming: list[Incoming] = []
        for message in batch:
            try:
                incoming.append(self._read(message))
            except UnreadableMessage as error:
                await self._give_up(message, error)
        if incoming:
            with metrics.HANDLING.labels(self._queue).time():
                await self._handle(incoming, stop)
        await batch[-1].ack(multiple=True)  # all before it are settled too

    def _read(self, message: AbstractIncomingMessage) -> Incoming:
        envelope, event = read_wire(message.body)
        reaction = self._subscription.reactions.get(envelope.type)
        if reaction is None:
            raise UnknownEvent(f"{self._queue} has no reaction to {envelope.type}")
        return Incoming(message, envelope, event, reaction)

    async def _handle(self, batch: Sequence[Incoming], stop: Stop) -> None:
        """Commit the effects of the batch. If that fails, halve it until the cause stands alone."""
        while True:
            try:
                await self._apply(batch)
            except Exception as error:
                if is_outage(error):
                    log.warning("consumer.store_unreachable", queue=self._queue)
                    if await stop.sleep(self._pause):
                        raise Stopped from error
                    continue
                if len(batch) == 1:
                    await self._retry_later(batch[0], error)
                else:
                    middle = len(batch) // 2
                    await self._handle(batch[:middle], stop)
                    await self._handle(batch[middle:], stop)
            else:
                metrics.HANDLED.labels(self._queue, "done").inc(len(batch))
            return

    async def _apply(self, batch: Sequence[Incoming]) -> None:
        now = self._clock()

        async def work(tx: Tx) -> None:
            done = await self._inbox.handled(tx, self._queue, [one.envelope.id for one in batch])
            for one in batch:
                if one.envelope.id in done:
                    continue
                done.add(one.envelope.id)
                await self._react(one, Delivery(tx, one.envelope, now))
                self._inbox.record(tx, self._queue, one.envelope.id, now)

        await self._mongo.transaction(work)

    async def _react(self, one: Incoming, delivery: Delivery) -> None:
        envelope = one.envelope
        cause.set_cause(cause.Cause(envelope.correlationid, envelope.id, envelope.traceparent))
        with (
            structlog.contextvars.bound_contextvars(
                event_id=str(envelope.id), correlation_id=envelope.correlationid
            ),
            span(
                f"{self._queue} {envelope.type}",
                parent=envelope.traceparent,
                kind=SpanKind.CONSUMER,
            ),
        ):
            await one.reaction.handle(one.event, delivery)

    async def _retry_later(self, one: Incoming, error: Exception) -> None:
        """Have it delivered again after a pause; after the last pause it is a dead letter."""
        tries_left = self._retry_after[one.attempt - 1 :]
        delay = delay_exchange(tries_left[0]) if tries_left else None
        log.warning(
            "consumer.reaction_failed",
            queue=self._queue,
            event_id=str(one.envelope.id),
            type=one.envelope.type,
            attempt=one.attempt,
            error=_brief(error),
            next=delay or "dead letters",
        )
        if delay is None:
            await self._give_up(one.message, error, attempts=one.attempt)
            return
        headers = {"x-attempt": one.attempt, "x-error": str(error)[:500]}
        await self._republish(one.message, exchange=delay, routing_key=self._queue, headers=headers)
        metrics.HANDLED.labels(self._queue, "retried").inc()

    async def _give_up(
        self, message: AbstractIncomingMessage, error: Exception, attempts: int = 1
    ) -> None:
        headers = {
            "x-reason": type(error).__name__,
            "x-error": str(error)[:500],
            "x-attempts": attempts,
            "x-died-at": self._clock().isoformat(),
        }
        dead = dead_queue(self._queue)
        await self._republish(message, exchange="", routing_key=dead, headers=headers)
        metrics.HANDLED.labels(self._queue, "dead").inc()
        log.error("consumer.dead_letter", queue=self._queue, error=_brief(error))

    async def _republish(
        self,
        message: AbstractIncomingMessage,
        *,
        exchange: str,
        routing_key: str,
        headers: dict[str, Any],
    ) -> None:
        await self._publisher.publish(
            message.body,
            exchange=exchange,
            routing_key=routing_key,
            message_id=message.message_id,
            event_type=message.type,
            headers=headers,
        )


def _brief(error: Exception) -> str:
    """The type of the error and its line, but not its text, which may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
