"""The session with the gateway: lost, silent, ended, and what comes in on it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import smpp34

from services.notifications.messages.receipts import Receipt
from services.notifications.messages.rules import Message, Status, accepted
from services.notifications.messages.store import Messages
from services.notifications.sms.smpp import SmsGateway
from shared.clock import now
from shared.mongo import Mongo, MongoError
from shared.testing.waiting import eventually
from tests.notifications.linking import NUMBER, a_link, an_sms, becomes, bound, keep, linked
from tests.notifications.servers import Smsc, delivered


class Hasty(SmsGateway):
    """The negative control: at the end, does not wait for the answers that are still to come."""

    @contextmanager
    def _message_under_way(self) -> Iterator[None]:
        yield


class Busy(SmsGateway):
    """Stays with its first receipt until told to go on."""

    async def apply_receipt(self, to: str, receipt: Receipt) -> None:
        self.holding = asyncio.Event()
        await self.holding.wait()


class Shaky(Messages):
    """A store that is away at first."""

    failures = 0

    async def find_by_receipt(self, to: str, receipt: Receipt) -> tuple[Message, str] | None:
        if self.failures < 3:
            self.failures += 1
            raise MongoError("away")
        return await super().find_by_receipt(to, receipt)


async def test_while_it_is_not_bound_nothing_is_lost(smsc: Smsc, messages: Messages) -> None:
    link = a_link(smsc, messages)
    assert (await link.send(an_sms())).status is Status.QUEUED
    async with linked(link):
        with smsc.line.away():
            await bound(link, False)
            assert (await link.send(an_sms())).status is Status.QUEUED
        await bound(link)
        assert (await link.send(an_sms())).status is Status.ACCEPTED
    assert smsc.texts_to(NUMBER) != []
    assert len(smsc.inbox.texts) == 1


async def test_a_loss_that_was_not_told_yet_is_noticed(smsc: Smsc, messages: Messages) -> None:
    link = a_link(smsc, messages, Busy)
    async with linked(link):
        await smsc.receipt(NUMBER, delivered("1"))
        client, session = link._client, link._session
        assert client is not None
        assert session is not None
        smsc.line.cut()

        async def dead() -> bool:
            return not await client.is_alive()

        await eventually(dead, "the connection to be dead")
        assert link.bound  # so far as it has been told
        assert (await link.send(an_sms())).status is Status.QUEUED
        # The control: without having asked, it would be one that may have gone out.
        assert (await link._submit(an_sms(), session)).status is Status.UNKNOWN
        link.holding.set()  # type: ignore[attr-defined]
    assert smsc.parts == []


async def test_a_gateway_that_says_nothing_costs_one_message_and_not_all_that_follow(
    smsc: Smsc, messages: Messages
) -> None:
    async def ignore(_: smpp34.SubmitSmEvent) -> None:
        return None

    smsc.ways[NUMBER] = ignore
    link = a_link(smsc, messages, sms_timeout=0.2)
    async with linked(link):
        first = await link.send(an_sms())
        second = await link.send(an_sms())
        assert (first.status, second.status) == (Status.UNKNOWN, Status.QUEUED)
        del smsc.ways[NUMBER]
        await bound(link)
        assert (await link.send(an_sms())).status is Status.ACCEPTED


@pytest.mark.parametrize("kind", [SmsGateway, Hasty], ids=["guarded", "control"])
async def test_asked_to_end_it_waits_for_the_answers_that_are_still_to_come(
    smsc: Smsc, messages: Messages, kind: type[SmsGateway]
) -> None:
    held: asyncio.Queue[smpp34.SubmitSmEvent] = asyncio.Queue()
    smsc.ways[NUMBER] = held.put
    before = accepted(an_sms(to="+84901888888"), ("77",), now())
    await keep(messages, before)
    link = a_link(smsc, messages, kind)
    async with linked(link) as stop:
        sending = asyncio.create_task(link.send(an_sms()))
        event = await held.get()
        stop.set()
        if kind is Hasty:
            assert (await sending).status is Status.UNKNOWN
            return
        # Receipts are still heard: it has not gone.
        await smsc.receipt("+84901888888", delivered("77"))
        await becomes(messages, before, Status.DELIVERED)
        smsc.accept(event)
        smsc.accept(await held.get())
        assert (await sending).status is Status.ACCEPTED


async def test_a_receipt_waits_while_the_database_is_away(smsc: Smsc, mongo: Mongo) -> None:
    shaky = Shaky(mongo)
    message = accepted(an_sms(), ("77",), now())
    await keep(shaky, message)
    async with linked(a_link(smsc, shaky)):
        await smsc.receipt(NUMBER, delivered("77"))
        await becomes(shaky, message, Status.DELIVERED)
    assert shaky.failures == 3


async def test_what_is_no_receipt_does_not_disturb_the_session(
    smsc: Smsc, messages: Messages
) -> None:
    message = accepted(an_sms(), ("77",), now())
    await keep(messages, message)
    link = a_link(smsc, messages)
    async with linked(link):
        session = link._session
        for tlvs in ({0x1E: b"\xff\xfe\0", 0x427: b""}, {0x1E: b"", 0x427: b"\x01" * 9}, {}):
            await smsc.receipt(NUMBER, "Chào, tối nay mấy giờ ạ?", tlvs)
        await smsc.receipt(NUMBER, delivered("9" * 120))
        await smsc.receipt(NUMBER, delivered("77"))
        await becomes(messages, message, Status.DELIVERED)
        assert link._session is session
