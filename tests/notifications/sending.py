"""Senders on their own, with a real store and a real mail server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from services.notifications.email.smtp import MailSender
from services.notifications.messages import store
from services.notifications.messages.rules import Message, Status, Urgency
from services.notifications.messages.store import Messages
from services.notifications.sending.jobs import SendingJob
from services.notifications.settings import Settings
from services.notifications.sms.smpp import SmsGateway
from shared.clock import now
from shared.mongo import Mongo
from shared.stop import Stop
from shared.testing.waiting import eventually
from tests.notifications.scene import a_message
from tests.notifications.servers import MailServer

SOON = timedelta(seconds=30)


class Bench:
    def __init__(self, mongo: Mongo, mail: MailServer) -> None:
        self.mongo = mongo
        self.mail = mail
        self.settings = Settings(
            smtp_port=mail.port, sender_poll=0.05, send_again_after=(0.05,) * 20, senders=4
        )
        self.messages = Messages(mongo)

    def sender(
        self, kind: type[SendingJob] = SendingJob, messages: Messages | None = None
    ) -> SendingJob:
        messages = messages or self.messages
        return kind(
            messages,
            MailSender(self.settings, now),
            SmsGateway(self.settings, messages, now),
            now,
            max_at_once=self.settings.senders,
            claim=30,
            poll=self.settings.sender_poll,
            pauses=self.settings.send_again_after,
        )

    @asynccontextmanager
    async def sending(self, *senders: SendingJob) -> AsyncIterator[None]:
        stop = Stop()
        tasks = [asyncio.create_task(sender.run(stop)) for sender in senders or (self.sender(),)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*tasks)

    async def put(self, *messages: Message) -> None:
        documents = [store._document(message) for message in messages]
        await self.mongo.collection("messages").insert_many(documents)

    async def get(self, message: Message) -> Message:
        row = await self.mongo.collection("messages").find_one({"_id": message.id})
        assert row is not None
        return store._message(row)

    async def becomes(self, message: Message, status: Status) -> Message:
        async def look() -> bool:
            return (await self.get(message)).status is status

        await eventually(look, f"a message to be {status}")
        return await self.get(message)


def queued(number: int = 0, urgency: Urgency = Urgency.NOTICE, **changes: Any) -> Message:
    """Due since a moment ago; the lower the number, the longer."""
    due = now() - SOON + timedelta(milliseconds=number)
    fields: dict[str, Any] = {"to": f"nguoi{number}@hanoi.example", "urgency": urgency}
    fields |= {"status": Status.QUEUED, "attempts": 0, "due_at": due, "created_at": due}
    return a_message(**fields | changes)


def abandoned(**changes: Any) -> Message:
    """Claimed by somebody who has not been heard of since."""
    return a_message(claimed_until=now() - timedelta(seconds=1), **changes)
