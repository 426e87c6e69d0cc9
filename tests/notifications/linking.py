"""A link with the gateway on its own, without the rest of the service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.notifications.messages import store
from services.notifications.messages.rules import Channel, Message, Status
from services.notifications.messages.store import Messages
from services.notifications.settings import Settings
from services.notifications.sms.smpp import SmsGateway
from shared.clock import now
from shared.stop import Stop
from shared.testing.waiting import eventually
from tests.notifications.scene import a_message
from tests.notifications.servers import Smsc

NUMBER = "+84901999999"


def an_sms(**changes: Any) -> Message:
    return a_message(channel=Channel.SMS, **changes)


def a_link(
    smsc: Smsc, messages: Messages, kind: type[SmsGateway] = SmsGateway, **more: Any
) -> SmsGateway:
    fields: dict[str, Any] = {
        "reconnect_pause": 0.05,
        "sms_bind_timeout": 0.5,
        "send_again_after": (0.1, 0.1),
    } | more
    return kind(Settings(smpp_port=smsc.line.port, **fields), messages, now)


@asynccontextmanager
async def linked(link: SmsGateway) -> AsyncIterator[Stop]:
    """The link at work, bound, until the block ends."""
    stop = Stop()
    task = asyncio.create_task(link.run(stop))
    await bound(link)
    try:
        yield stop
    finally:
        stop.set()
        await task


async def bound(link: SmsGateway, yes: bool = True) -> None:
    async def look() -> bool:
        return link.bound is yes

    await eventually(look, "the link to be bound" if yes else "the link to be lost")


async def keep(messages: Messages, message: Message) -> None:
    await messages.mongo.collection("messages").insert_one(store._document(message))


async def status_of(messages: Messages, message: Message) -> Status:
    row = await messages.mongo.collection("messages").find_one({"_id": message.id})
    assert row is not None
    return Status(row["status"])


async def becomes(messages: Messages, message: Message, status: Status) -> None:
    async def look() -> bool:
        return await status_of(messages, message) is status

    await eventually(look, f"the message to be {status}")
