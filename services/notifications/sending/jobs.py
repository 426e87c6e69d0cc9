"""The job that sends messages: it claims those that are due, sends them, and stores the outcome.

If the process dies between sending and storing, nobody knows whether the message was sent; see
docs/adr/0006-messages-at-least-once.md. Then an e-mail is sent again with the same Message-ID. An
SMS is marked `unknown` and is not sent again.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from opentelemetry.trace import SpanKind

from services.notifications.email.smtp import MailSender
from services.notifications.messages import rules
from services.notifications.messages.rules import Channel, Message, Status
from services.notifications.messages.store import MESSAGES, Messages
from services.notifications.sms.smpp import SmsGateway
from shared import metrics
from shared.clock import Clock
from shared.mongo import MongoError
from shared.stop import Stop
from shared.telemetry import span

log = structlog.get_logger(__name__)


class SendingJob:
    """Sends up to `max_at_once` messages at the same time. Times are in seconds."""

    def __init__(
        self,
        messages: Messages,
        mail: MailSender,
        sms: SmsGateway,
        clock: Clock,
        *,
        max_at_once: int,
        claim: float,
        poll: float,
        pauses: Sequence[float],
    ) -> None:
        self._messages = messages
        self._mail = mail
        self._sms = sms
        self._clock = clock
        self._max_at_once = max_at_once
        self._claim = timedelta(seconds=claim)
        self._poll = poll
        self._pauses = pauses

    async def run(self, stop: Stop) -> None:
        """Send until `stop` is set; then wait until the messages under way are sent."""
        free = asyncio.Semaphore(self._max_at_once)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_claims(stop))
            while not stop.is_set():
                await free.acquire()
                if stop.is_set():  # set while it waited
                    return
                message = await self._next()
                if message is None:
                    free.release()
                    await self._wait(stop)
                    continue
                task = group.create_task(self._send(message))
                task.add_done_callback(lambda _: free.release())

    async def _next(self) -> Message | None:
        now = self._clock()
        try:
            return await self._messages.claim(now, now + self._claim)
        except MongoError as error:
            log.warning("sender.store_unreachable", error=type(error).__name__)
            return None

    async def _wait(self, stop: Stop) -> None:
        async def due() -> bool:
            return await self._messages.any_due(self._clock())

        try:
            await self._messages.mongo.await_insert(MESSAGES, self._poll, unless=due)
        except MongoError:
            await stop.sleep(self._poll)

    async def _send(self, message: Message) -> None:
        try:
            with span(
                f"send {message.channel} {message.template}",
                parent=message.traceparent,
                kind=SpanKind.CLIENT,
            ):
                outcome = await self._send_now(message)
                await self._record(message, outcome)
        except MongoError as error:
            # The claim will expire, and then the message is sent again.
            log.warning(
                "sender.not_recorded", message_id=str(message.id), error=type(error).__name__
            )

    async def _send_now(self, message: Message) -> Message:
        try:
            if message.channel is Channel.SMS:
                return await self._sms.send(message)
            return await self._mail.send(message)
        except Exception as error:  # noqa: BLE001 - an error of this message, such as a template that fails
            # Only its type: the text of the error may hold data of the message.
            name = type(error).__name__
            log.error("sender.failed", message_id=str(message.id), error=name)  # noqa: TRY400
            return rules.failed(message, name, self._clock())

    async def _record(self, message: Message, outcome: Message) -> None:
        kept = await self._messages.record(message, outcome)
        metrics.SENT.labels(message.channel, outcome.status).inc()
        log.info(
            "message.handed_over",
            message_id=str(message.id),
            person_id=str(message.person_id),
            correlation_id=message.correlation_id,
            channel=message.channel,
            template=message.template,
            attempt=message.attempts,
            status=outcome.status,
            reason=outcome.error,
            kept=kept,
        )
        if outcome.status is Status.ACCEPTED:
            await self._sms.apply_early_receipts(outcome)

    async def _watch_claims(self, stop: Stop) -> None:
        """Look for messages of dead processes, also while there are many others to send."""
        while not stop.is_set():
            try:
                await self._handle_abandoned()
            except MongoError as error:
                log.warning("sender.store_unreachable", error=type(error).__name__)
            await stop.sleep(self._poll)

    async def _handle_abandoned(self) -> None:
        now = self._clock()
        for message in await self._messages.abandoned(now):
            reason = "the process that claimed it died"
            if message.channel is Channel.SMS:
                outcome = rules.unknown(message, reason, now)
            else:
                outcome = rules.postponed(message, reason, now, self._pauses)
            await self._messages.record(message, outcome)
            log.warning("message.abandoned", message_id=str(message.id), becomes=outcome.status)
