"""The sender: who holds a message, who goes first, and what happens when a holder dies."""

import asyncio
from datetime import datetime, timedelta

import pytest

from services.notifications.messages import store
from services.notifications.messages.rules import Channel, Message, Status, Urgency, sent
from services.notifications.messages.store import Messages
from services.notifications.sending.jobs import SendingJob
from shared.clock import now
from shared.mongo import Mongo
from shared.stop import Stop
from shared.testing.waiting import eventually
from tests.notifications.scene import a_message
from tests.notifications.sending import SOON, Bench, abandoned, queued
from tests.notifications.servers import MailServer


class Unguarded(Messages):
    """The negative control: looks first, takes afterwards; writes whatever it holds."""

    async def claim(self, now: datetime, until: datetime) -> Message | None:
        found = await self._documents.find_one(store._due(now), sort=[("urgency", 1)])
        if found is None:
            return None
        changes = {"status": Status.SENDING.value, "claimed_until": until}
        await self._documents.update_one({"_id": found["_id"]}, {"$set": changes})
        return store._message(found | changes)

    async def record(self, claimed: Message, outcome: Message) -> bool:
        await self._documents.replace_one({"_id": claimed.id}, store._document(outcome))
        return True


class Forgetful(SendingJob):
    """The negative control: never looks for what the dead left behind."""

    async def _handle_abandoned(self) -> None:
        return None


@pytest.fixture
async def bench(mongo: Mongo, mail: MailServer) -> Bench:
    await mongo.ensure_indexes(store.INDEXES[:2])
    return Bench(mongo, mail)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
async def test_a_message_is_claimed_by_one_sender_only(bench: Bench, guarded: bool) -> None:
    await bench.put(*(queued(number) for number in range(30)))
    messages = bench.messages if guarded else Unguarded(bench.mongo)
    at = now()
    claimed = await asyncio.gather(*(messages.claim(at, at + SOON) for _ in range(40)))
    ids = [message.id for message in claimed if message is not None]
    assert (len(ids) == len(set(ids))) is guarded
    if guarded:
        assert len(ids) == 30


async def test_several_senders_send_each_mail_once(bench: Bench) -> None:
    messages = [queued(number) for number in range(40)]
    async with bench.sending(*(bench.sender() for _ in range(3))):
        await bench.put(*messages)
        for message in messages:
            await bench.becomes(message, Status.SENT)
    assert sorted(mail.to[0] for mail in bench.mail.mails) == sorted(m.to for m in messages)


async def test_one_that_is_not_due_yet_is_left_alone(bench: Bench) -> None:
    early = queued(due_at=now() + timedelta(hours=1))
    await bench.put(early, queued(1))
    async with bench.sending():
        await bench.mail.one_to("nguoi1@hanoi.example")
    assert await bench.get(early) == early


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
async def test_a_holder_that_comes_back_too_late_changes_nothing(
    bench: Bench, guarded: bool
) -> None:
    messages = bench.messages if guarded else Unguarded(bench.mongo)
    await bench.put(queued())
    first = await bench.messages.claim(now(), now())
    assert first is not None
    async with bench.sending():
        done = await bench.becomes(first, Status.SENT)
    assert done.attempts == 2
    late = sent(first, now())
    assert await messages.record(first, late) is not guarded
    assert ((await bench.get(first)).attempts == 2) is guarded


async def test_a_holder_that_comes_back_does_not_end_the_claim_of_the_next(bench: Bench) -> None:
    await bench.put(queued())
    first = await bench.messages.claim(now(), now())
    assert first is not None
    await bench.sender()._handle_abandoned()
    second = await bench.messages.claim(now() + SOON, now() + SOON)
    assert second is not None
    assert second.attempts == 2
    assert not await bench.messages.record(first, sent(first, now()))
    assert await bench.messages.record(second, sent(second, now()))


async def test_a_mail_whose_holder_died_goes_out_under_the_same_message_id(bench: Bench) -> None:
    left = abandoned()
    await bench.put(left)
    async with bench.sending():
        taken_up = await bench.becomes(left, Status.SENT)
    (mail,) = bench.mail.to(left.to)
    assert mail.parsed["Message-ID"] == f"<{left.id}@creative-city.example>"
    assert taken_up.attempts == left.attempts + 1


async def test_an_sms_whose_holder_died_may_be_out_and_is_not_sent_again(bench: Bench) -> None:
    left = abandoned(channel=Channel.SMS)
    await bench.put(left)
    async with bench.sending():
        unknown = await bench.becomes(left, Status.UNKNOWN)
    assert unknown.attempts == left.attempts
    assert unknown.error == "the process that claimed it died"
    assert "ticket" not in unknown.data


async def test_a_claim_that_still_runs_is_respected(bench: Bench) -> None:
    held = a_message(claimed_until=now() + SOON)
    left = abandoned(to="khac@hanoi.example")
    await bench.put(held, left)
    async with bench.sending():
        await bench.becomes(left, Status.SENT)
    assert await bench.get(held) == held


async def test_without_looking_for_them_abandoned_messages_would_stay_for_ever(
    bench: Bench,
) -> None:
    left = abandoned()
    await bench.put(left)
    async with bench.sending(bench.sender(Forgetful)):
        await bench.put(queued(1))
        await bench.mail.one_to("nguoi1@hanoi.example")
    assert await bench.get(left) == left


async def test_one_that_was_abandoned_does_not_wait_for_the_end_of_a_backlog(bench: Bench) -> None:
    code = abandoned(urgency=Urgency.CODE, to="ma@hanoi.example")
    backlog = [queued(number) for number in range(60)]
    await bench.put(*backlog, code)
    bench.settings = bench.settings.model_copy(update={"senders": 1})
    bench.mail.pause = 0.02
    async with bench.sending():
        await bench.mail.one_to(code.to)
        assert len(bench.mail.mails) < len(backlog)


@pytest.mark.parametrize("urgency", [Urgency.CODE, Urgency.NOTICE], ids=["urgent", "control"])
async def test_a_sign_in_code_overtakes_a_backlog_of_notices(
    bench: Bench, urgency: Urgency
) -> None:
    backlog = [queued(number) for number in range(20)]
    code = queued(99, urgency)
    await bench.put(*backlog)
    bench.settings = bench.settings.model_copy(update={"senders": 1})
    bench.mail.open.clear()
    async with bench.sending():

        async def first_under_way() -> bool:
            return bench.mail.seen == 1

        await eventually(first_under_way, "the first notice to be under way")
        await bench.put(code)
        bench.mail.open.set()
        await bench.becomes(backlog[-1], Status.SENT)
        await bench.becomes(code, Status.SENT)
    order = [mail.to[0] for mail in bench.mail.mails]
    assert order.index(code.to) == (1 if urgency is Urgency.CODE else 20)


async def test_asked_to_end_it_finishes_what_is_under_way_and_begins_nothing_new(
    bench: Bench,
) -> None:
    messages = [queued(number) for number in range(10)]
    bench.mail.open.clear()
    stop = Stop()
    task = asyncio.create_task(bench.sender().run(stop))
    await bench.put(*messages)

    async def four_under_way() -> bool:
        return bench.mail.seen == 4

    await eventually(four_under_way, "four mails to be under way")
    stop.set()
    bench.mail.open.set()
    await task
    statuses = [(await bench.get(message)).status for message in messages]
    assert statuses.count(Status.QUEUED) == 6
    assert statuses.count(Status.SENT) == len(bench.mail.mails) == 4


async def test_a_message_that_breaks_its_template_fails_alone(bench: Bench) -> None:
    broken = queued(0, data={"ticket": "vé"})
    await bench.put(broken, queued(1))
    async with bench.sending():
        failed = await bench.becomes(broken, Status.FAILED)
        await bench.mail.one_to("nguoi1@hanoi.example")
    assert failed.error == "UndefinedError"  # its kind, not its text, which may hold data
    assert failed.data == {}
