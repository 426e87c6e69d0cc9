"""Money and places at the same instant, from two replicas; and the same with the guards off."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from services.events import app
from services.events.booking.registrations.commands import Cancel, Register
from services.events.booking.registrations.rules import RegistrationContext, placed
from services.events.booking.registrations.state import Registration, RegistrationDecision
from services.events.payments.fees import rules as crediting
from services.events.payments.fees.rules import BankTransfer
from services.events.payments.fees.service import PaymentService, TransferOutcome, TransferResult
from services.events.payments.refunds.rules import Approve, Propose, RefundState
from services.events.payments.refunds.service import RefundService
from services.events.programme.ticket_kinds.rules import TicketKindFacts
from services.events.settings import Settings
from shared.clock import now
from shared.errors import DomainError, PreconditionFailed
from shared.http.execute import CommandExecutor
from shared.http.idempotency import ROWS
from shared.ids import new_id
from shared.mongo import MongoError
from tests.events.conftest import open_places
from tests.events.interleavings import FEE, TREASURER, Build, Replica
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions, without_unique_indexes

KINDS = (TicketKindFacts(fee=FEE, pay_minutes=10),)
LAN, MAI, CHECKER = UUID(int=1), UUID(int=2), UUID(int=998)


async def two(settings: Settings, build: Build = app.build) -> list[Replica]:
    clock = StandingClock(now())
    made = [Replica(settings, clock, build) for _ in range(2)]
    await made[0].mongo.ensure_indexes(made[0].service.all_indexes())
    return made


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[list[Replica]]:
    made = await two(settings)
    yield made
    for replica in made:
        await replica.mongo.close()


async def unpaid(replica: Replica, people: list[UUID], capacity: int) -> list[BankTransfer]:
    """The transfers that these are asked for, in a session of its own."""
    session = await open_places(replica.mongo, capacity, kinds=KINDS)
    for person in people:
        await replica.do(Register(new_id(), session, person))
    found = replica.mongo.collection("registrations").find({"bookable_id": session})
    return [
        BankTransfer(str(row["_id"]), now(), FEE, f"ve tau {row['reference']}")
        for row in await found.to_list(None)
        if "reference" in row
    ]


async def pay_and_expire(replicas: list[Replica]) -> list[str]:
    """Lan pays when her time is up; Mai waits. What must not be said of it."""
    one, two = replicas
    [transfer] = await unpaid(one, [LAN, MAI], 1)
    clock = one.expiry._clock
    assert isinstance(clock, StandingClock)
    clock.forward(minutes=10)
    await asyncio.gather(one.payments.record_transfers([transfer], TREASURER), two.expiry.look())
    rows = await one.mongo.collection("registrations").find().to_list(None)
    latest = {row["person_id"]: row for row in rows if row["quotas"][0] == rows[-1]["quotas"][0]}
    lan, mai = latest[LAN], latest[MAI]
    pool = await one.mongo.collection("quotas").find_one({"_id": lan["bookable_id"]})
    assert pool is not None
    wrong = []
    if (lan["status"], mai["status"]) not in (("confirmed", "waiting"), ("waiting", "unpaid")):
        wrong.append(f"Lan {lan['status']}, Mai {mai['status']}")
    if (pool["taken"], pool["waiting"]) != (1, 1):
        wrong.append(f"{pool['taken']} taken, {pool['waiting']} waiting")
    if lan["paid"] != FEE:
        wrong.append(f"{lan['paid']} paid")
    return wrong


async def test_paid_and_expired_at_one_instant_has_one_outcome(replicas: list[Replica]) -> None:
    for _ in range(15):
        assert await pay_and_expire(replicas) == []


async def test_control_without_transactions_it_has_two(settings: Settings) -> None:
    careless = await two(settings, without_transactions(app.build))
    wrong: list[str] = []
    for _ in range(40):
        try:
            wrong += await pay_and_expire(careless)
        except MongoError as error:
            wrong.append(type(error).__name__)
    assert wrong
    for replica in careless:
        await replica.mongo.close()


async def taken_after_late_money(replicas: list[Replica]) -> int:
    """Of the one place, which has gone to Mai when Lan's money comes."""
    one = replicas[0]
    [transfer] = await unpaid(one, [LAN, MAI], 1)
    clock = one.expiry._clock
    assert isinstance(clock, StandingClock)
    clock.forward(minutes=10)
    await one.expiry.look()
    [taken] = await one.payments.record_transfers([transfer], TREASURER)
    assert taken.registration is not None
    pool = await one.places.quota(taken.registration.bookable_id)
    assert pool is not None
    return pool.taken


async def test_late_money_oversells_nothing(replicas: list[Replica]) -> None:
    assert await taken_after_late_money(replicas) == 1


async def test_control_late_money_that_asks_for_no_room_oversells(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(
        context: RegistrationContext,
        expired: Registration,
        paid: Registration,
        now: datetime,
        ends_at: None,
    ) -> RegistrationDecision:
        again = placed(replace(paid, ended_at=None, ended_by=None), None, now)
        return RegistrationDecision(expired, again)

    monkeypatch.setattr(crediting, "_late", careless)
    assert await taken_after_late_money(replicas) == 2


async def upload_twice(
    replicas: list[Replica], people: int
) -> tuple[Counter[TransferOutcome], list[Any]]:
    transfers = await unpaid(replicas[0], [UUID(int=n) for n in range(1, people + 1)], people)
    answers = await asyncio.gather(
        *(replicas[n % 2].payments.record_transfers(transfers, TREASURER) for n in range(4))
    )
    rows = await replicas[0].mongo.collection("registrations").find().to_list(None)
    return Counter(one.outcome for answer in answers for one in answer), rows


async def test_one_statement_uploaded_by_four_at_once_is_taken_once(
    replicas: list[Replica],
) -> None:
    outcomes, rows = await upload_twice(replicas, 30)
    assert outcomes == {TransferOutcome.MATCHED: 30, TransferOutcome.ALREADY_KNOWN: 90}
    assert {(row["status"], row["paid"]) for row in rows} == {("confirmed", FEE)}
    assert await replicas[0].mongo.collection("payments").count_documents({}) == 30


async def test_control_without_knowing_lines_one_statement_is_paid_over_and_over(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the line's id nor the unique index: each upload names its lines anew."""
    careless = await two(fresh, without_unique_indexes(app.build))

    async def anew(
        self: PaymentService, transfers: list[BankTransfer], by: UUID
    ) -> list[TransferResult]:
        return await record(self, [one._replace(key=str(new_id())) for one in transfers], by)

    record = PaymentService.record_transfers
    monkeypatch.setattr(PaymentService, "record_transfers", anew)
    outcomes, rows = await upload_twice(careless, 3)
    assert outcomes[TransferOutcome.ALREADY_KNOWN] == 0
    assert {row["paid"] for row in rows} == {4 * FEE}
    for replica in careless:
        await replica.mongo.close()


async def approve_at_once(replicas: list[Replica]) -> tuple[int, list[Any]]:
    """How many approvals of one proposal were taken, and the refund as it is then."""
    one = replicas[0]
    [transfer] = await unpaid(one, [LAN], 1)
    [taken] = await one.payments.record_transfers([transfer], TREASURER)
    assert taken.registration is not None
    await one.do(Cancel(taken.registration.bookable_id, LAN))
    row = await one.mongo.collection("registrations").find_one({"_id": taken.registration.id})
    assert row is not None
    assert row["due_back"] == FEE
    key = new_id()
    cancelled = taken.registration
    stores = [refunds(replica) for replica in replicas]
    propose = Propose(key, cancelled, None, FEE, 0, None, TREASURER)
    await one.mongo.transaction(lambda tx: stores[0].perform(tx, key, propose, now()))

    async def approve(n: int) -> object:
        mongo = replicas[n].service.platform.mongo
        actor = CommandExecutor(mongo, now, mongo.collection(ROWS), None, 1)
        try:
            return await actor(stores[n], key, Approve(CHECKER), _whole, must_match=True)
        except DomainError as refusal:
            return refusal

    answers = await asyncio.gather(approve(0), approve(1))
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert all(isinstance(refusal, PreconditionFailed) for refusal in refused)
    found = await one.mongo.collection("refunds").find({"_id": key}).to_list(None)
    return len(answers) - len(refused), found


def _whole(refund: Any) -> Any:
    return refund


def refunds(replica: Replica) -> RefundService:
    return next(part for part in replica.service.provides if isinstance(part, RefundService))


async def test_a_refund_approved_twice_at_once_is_approved_once(replicas: list[Replica]) -> None:
    for _ in range(10):
        approvals, [refund] = await approve_at_once(replicas)
        assert approvals == 1
        assert [deed["step"] for deed in refund["record"]] == [
            RefundState.PROPOSED,
            RefundState.APPROVED,
        ]


async def test_control_without_transactions_two_believe_they_approved_it(
    settings: Settings,
) -> None:
    careless = await two(settings, without_transactions(app.build))
    assert max([(await approve_at_once(careless))[0] for _ in range(40)]) == 2
    for replica in careless:
        await replica.mongo.close()


async def propose_at_once(replicas: list[Replica]) -> int:
    """How much is set aside when two propose the same 20,000 đ at once."""
    one = replicas[0]
    [transfer] = await unpaid(one, [LAN], 1)
    [taken] = await one.payments.record_transfers([transfer], TREASURER)
    assert taken.registration is not None
    cancelled = taken.registration
    await one.do(Cancel(cancelled.bookable_id, LAN))

    async def propose(n: int) -> None:
        key = new_id()
        command = Propose(key, cancelled, None, FEE, 0, None, TREASURER)
        store = refunds(replicas[n])
        with suppress(DomainError):
            mongo = replicas[n].service.platform.mongo
            await mongo.transaction(lambda tx: store.perform(tx, key, command, now()))

    await asyncio.gather(propose(0), propose(1))
    mine = {"registration_id": cancelled.id}
    found = await one.mongo.collection("refunds").find(mine).to_list(None)
    return sum(refund["amount"] for refund in found)


async def test_what_is_due_is_proposed_once(replicas: list[Replica]) -> None:
    for _ in range(10):
        assert await propose_at_once(replicas) == FEE


async def test_control_without_transactions_it_is_proposed_twice(settings: Settings) -> None:
    careless = await two(settings, without_transactions(app.build))
    assert max([await propose_at_once(careless) for _ in range(40)]) == 2 * FEE
    for replica in careless:
        await replica.mongo.close()
