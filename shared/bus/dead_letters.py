"""Dead letters: messages that could not be handled, in `<queue>.dead` until a person decides.

To read them, messages are taken without an acknowledgement; when the channel closes, the broker
puts them back in the same order. Meanwhile another reader does not see them. The broker needs some
time to put them back, so a reading ends only when they can be seen again.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pydantic import ConfigDict

from shared.bus.publisher import Publisher, open_connection
from shared.bus.topology import dead_queue, declare_queue
from shared.schema import Schema, example


class DeadLetter(Schema):
    """A message that a consumer could not handle."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "letter_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "queue": "notifications.messages",
                "type": "events.session.cancelled.v1",
                "reason": "RecipientUnknown",
                "error": "recipient.unknown",
                "attempts": 8,
                "died_at": "2026-11-06T02:00:00Z",
                "body": '{"specversion":"1.0","type":"events.session.cancelled.v1"}',
            }
        )
    )

    letter_id: str
    """The id of the event, or a hash of the message if it has no id."""
    queue: str
    """The queue that it could not be handled from."""
    type: str | None
    """The event's type, such as `events.session.published.v1`."""
    reason: str
    """The kind of the last error, such as `UnreadableMessage`, or the reason of the broker."""
    error: str | None
    """The text of the last error, at most 500 characters."""
    attempts: int | None
    """How often it was tried."""
    died_at: str | None
    """When it was given up: RFC 3339, in UTC."""
    body: str
    """The message as it came: a CloudEvent in JSON."""


class DeadLetters:
    """The dead letters of one service's queues."""

    def __init__(self, url: str, queues: Sequence[str], publisher: Publisher) -> None:
        self._url = url
        self.queues = tuple(queues)
        self._publisher = publisher

    async def counts(self) -> dict[str, int]:
        """How many there are in each queue."""
        async with self._reading() as reading:
            return {queue: await reading.count(queue) for queue in self.queues}

    async def list(self, queue: str, limit: int = 100) -> list[DeadLetter]:
        """The oldest first."""
        async with self._reading() as reading:
            return [_shown(queue, m) async for m in reading.messages(queue, limit)]

    async def show(self, letter_id: str) -> DeadLetter | None:
        async with self._reading() as reading:
            for queue in self.queues:
                async for message in reading.messages(queue):
                    if _id(message) == letter_id:
                        return _shown(queue, message)
        return None

    async def redrive(self, matches: Callable[[DeadLetter], bool]) -> int:
        """Put those that match back into their queue, to be tried again. Returns how many."""

        async def put_back(queue: str, message: AbstractIncomingMessage) -> None:
            await self._publisher.publish(
                message.body,
                exchange="",
                routing_key=queue,
                message_id=message.message_id,
                event_type=message.type,
            )

        return await self._take(matches, put_back)

    async def discard(self, matches: Callable[[DeadLetter], bool]) -> int:
        """Delete those that match. Returns how many."""

        async def drop(_queue: str, _message: AbstractIncomingMessage) -> None:
            pass

        return await self._take(matches, drop)

    async def _take(
        self,
        matches: Callable[[DeadLetter], bool],
        dispose: Callable[[str, AbstractIncomingMessage], Any],
    ) -> int:
        taken = 0
        async with self._reading() as reading:
            for queue in self.queues:
                async for message in reading.messages(queue):
                    if matches(_shown(queue, message)):
                        await dispose(queue, message)
                        await message.ack()
                        reading.remaining[queue] -= 1
                        taken += 1
        return taken

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator["_Reading"]:
        async with await open_connection(self._url, "dead letters") as connection:
            channel = await connection.channel()
            for queue in self.queues:
                await declare_queue(channel, queue, ())
            reading = _Reading(channel)
            try:
                yield reading
            finally:
                await channel.close()
            await _Reading(await connection.channel()).wait_until_visible(reading.remaining)


class _Reading:
    """One reading of the queues. `remaining`: how many letters each still has."""

    def __init__(self, channel: AbstractChannel) -> None:
        self._channel = channel
        self.remaining: dict[str, int] = {}

    async def count(self, queue: str) -> int:
        found = await self._channel.get_queue(dead_queue(queue), ensure=True)
        return found.declaration_result.message_count or 0

    async def messages(
        self, queue: str, limit: int = 1_000_000
    ) -> AsyncIterator[AbstractIncomingMessage]:
        """Each letter once. What is not acknowledged goes back when the channel closes."""
        self.remaining[queue] = await self.count(queue)
        source = await self._channel.get_queue(dead_queue(queue), ensure=False)
        for _ in range(min(self.remaining[queue], limit)):
            message = await source.get(fail=False)
            if message is None:
                return
            yield message

    async def wait_until_visible(self, counts: dict[str, int]) -> None:
        """Wait until so many can be seen again; 2 seconds at most: others may have taken some."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                for queue, count in counts.items():
                    await self._until(queue, count)

    async def _until(self, queue: str, count: int) -> None:
        pause = 0.005
        while await self.count(queue) < count:
            await asyncio.sleep(pause)
            pause *= 2


def _id(message: AbstractIncomingMessage) -> str:
    return message.message_id or hashlib.sha256(message.body).hexdigest()[:32]


def _shown(queue: str, message: AbstractIncomingMessage) -> DeadLetter:
    headers = dict(message.headers or {})
    # The broker itself moves here what came back too often without an acknowledgement.
    by_broker = "delivered too often without being settled" if "x-death" in headers else "unknown"
    return DeadLetter(
        letter_id=_id(message),
        queue=queue,
        type=message.type,
        reason=str(headers.get("x-reason", by_broker)),
        error=str(headers["x-error"]) if "x-error" in headers else None,
        attempts=int(str(headers["x-attempts"])) if "x-attempts" in headers else None,
        died_at=str(headers["x-died-at"]) if "x-died-at" in headers else None,
        body=message.body.decode(errors="replace"),
    )
