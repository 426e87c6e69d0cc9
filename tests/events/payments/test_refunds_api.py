"""Giving money back: what is due, who proposes, who approves, and what is written down."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.events.booking.registrations.state import Ending, Registration, Status
from services.events.payments.refunds import rules
from services.events.payments.refunds.rules import (
    Approve,
    Decline,
    MoreThanDue,
    OwnProposal,
    PayOut,
    Propose,
    ReasonMissing,
    Refund,
    RefundState,
    WrongRefundStep,
    decide,
    set_aside,
)
from shared.clock import now
from shared.roles import Role
from shared.testing.running import Running
from shared.testing.scenarios import NOON
from tests.events.payments.test_fee_rules import context
from tests.events.programme.sample_programme import made, published_session

FEE = 20_000
LAN, MAKER, CHECKER, MINE = (UUID(int=n) for n in range(1, 5))
BEFORE, AFTER = NOON + timedelta(hours=1), NOON - timedelta(hours=1)  # the start
GIVEN_UP = Registration(
    MINE,
    UUID(int=9),
    "session",
    LAN,
    Status.CANCELLED,
    NOON,
    amount=FEE,
    paid=FEE,
    ended_at=NOON,
    ended_by=Ending.HOLDER,
)


def proposed(amount: int = FEE, kept: int = 0) -> Refund:
    return decide(None, Propose(MINE, GIVEN_UP, BEFORE, amount, kept, "lý do", MAKER), NOON).state


@pytest.mark.parametrize(
    ("starts_at", "ended_by", "in_full"),
    [
        (BEFORE, Ending.HOLDER, True),
        (NOON, Ending.HOLDER, False),
        (AFTER, Ending.HOLDER, False),
        (AFTER, Ending.STAFF, True),
        (AFTER, Ending.EXPIRY, True),
        (None, Ending.HOLDER, True),
    ],
)
def test_until_it_starts_all_is_given_back_and_what_differs_needs_a_reason(
    starts_at: Any, ended_by: Ending, in_full: bool
) -> None:
    one = Registration(**{**_fields(GIVEN_UP), "ended_by": ended_by})
    assert rules.full_refund_due(one, starts_at) is in_full
    as_ruled, otherwise = ((FEE, 0), (0, FEE)) if in_full else ((0, FEE), (FEE, 0))
    assert decide(None, Propose(MINE, one, starts_at, *as_ruled, None, MAKER), NOON)
    with pytest.raises(ReasonMissing):
        decide(None, Propose(MINE, one, starts_at, *otherwise, None, MAKER), NOON)
    decided = decide(None, Propose(MINE, one, starts_at, *otherwise, "ốm nặng", MAKER), NOON)
    assert decided.state.record[0].note == "ốm nặng"


def _fields(one: Registration) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Registration.__dataclass_fields__}


def test_each_step_is_added_to_the_record() -> None:
    refund = proposed()
    for command in (Approve(CHECKER), PayOut(MAKER, "FT26320")):
        after = decide(refund, command, NOON).state
        assert after.record[:-1] == refund.record
        assert (after.record[-1].by, after.record[-1].at) == (command.by, NOON)
        refund = after
    assert (refund.state, refund.bank_reference) == (RefundState.PAID_OUT, "FT26320")


@pytest.mark.parametrize(
    ("steps", "command", "refusal"),
    [
        ([], Approve(MAKER), OwnProposal),
        ([], Decline(MAKER, "nhầm"), OwnProposal),
        ([], PayOut(CHECKER, "FT1"), WrongRefundStep),
        ([Approve(CHECKER)], Approve(CHECKER), WrongRefundStep),
        ([Approve(CHECKER)], Decline(CHECKER, "nhầm"), WrongRefundStep),
        ([Decline(CHECKER, "nhầm")], Approve(CHECKER), WrongRefundStep),
        ([Decline(CHECKER, "nhầm")], PayOut(CHECKER, "FT1"), WrongRefundStep),
        ([Approve(CHECKER), PayOut(CHECKER, "FT1")], PayOut(CHECKER, "FT1"), WrongRefundStep),
    ],
)
def test_steps_that_are_not_open(steps: list[Any], command: Any, refusal: type[Exception]) -> None:
    refund = proposed()
    for step in steps:
        refund = decide(refund, step, NOON).state
    with pytest.raises(refusal):
        decide(refund, command, NOON)


def test_what_is_all_kept_is_never_paid_out() -> None:
    kept = decide(proposed(0, FEE), Approve(CHECKER), NOON).state
    with pytest.raises(WrongRefundStep):
        decide(kept, PayOut(CHECKER, "FT1"), NOON)


def test_no_more_is_set_aside_than_is_due() -> None:
    assert set_aside(context(), GIVEN_UP, FEE).state.due_back == 0
    some = set_aside(context(), GIVEN_UP, 5_000).state
    assert set_aside(context(), some, -5_000) == (some, GIVEN_UP, ())
    with pytest.raises(MoreThanDue):
        set_aside(context(), GIVEN_UP, FEE + 1)


@pytest.fixture
async def maker(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.as_(Role.TREASURER, person=MAKER) as client:
        yield client


@pytest.fixture
async def checker(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.as_(Role.TREASURER, person=CHECKER) as client:
        yield client


async def paid_and_given_up(service: Running, maker: httpx.AsyncClient, paid: int = FEE) -> Any:
    session = await published_session(service, kinds=[{"kind": "general", "fee": FEE}])
    async with service.as_() as lan:
        mine = await made(lan, f"/v1/sessions/{session}/registrations")
        cash = {"amount": paid, "paid_at": now().isoformat(), "note": "Tiền mặt"}
        await made(maker, f"/v1/registrations/{mine['id']}/payments", cash)
        given_up = await made(lan, f"/v1/registrations/{mine['id']}/cancellation")
        assert given_up["status"] == "cancelled"
        return mine


async def step(client: httpx.AsyncClient, refund: Any, to: str, body: Any = None) -> httpx.Response:
    path = f"/v1/refunds/{refund['id']}"
    etag = (await client.get(path)).headers["etag"]
    return await client.post(f"{path}/{to}", json=body, headers={"If-Match": etag})


async def due(client: httpx.AsyncClient) -> list[int]:
    return [one["due_back"] for one in (await client.get("/v1/refunds/due")).json()["items"]]


async def test_from_what_is_due_to_what_is_paid_out(
    service: Running, maker: httpx.AsyncClient, checker: httpx.AsyncClient
) -> None:
    mine = await paid_and_given_up(service, maker)
    assert await due(maker) == [FEE]
    path = f"/v1/registrations/{mine['id']}/refunds"
    too_much = await maker.post(path, json={"amount": FEE + 1})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "refund.more_than_due")
    assert (await maker.post(path, json={"amount": 0})).status_code == 422
    refund = await made(maker, path, {"amount": FEE})
    assert await due(maker) == [], "it is set aside"
    assert (await maker.post(path, json={"amount": 1})).status_code == 409
    own = await step(maker, refund, "approval")
    assert (own.status_code, own.json()["code"]) == (403, "refund.own_proposal")
    blind = await checker.post(f"/v1/refunds/{refund['id']}/approval")
    assert blind.status_code == 428
    stale = {"If-Match": '"7"'}
    changed = await checker.post(f"/v1/refunds/{refund['id']}/approval", headers=stale)
    assert changed.status_code == 412
    early = await step(maker, refund, "payout", {"bank_reference": "FT26320"})
    assert early.json()["code"] == "refund.not_now"
    assert (await step(checker, refund, "approval")).json()["state"] == "approved"
    out = await step(maker, refund, "payout", {"bank_reference": "FT26320"})
    assert (out.json()["state"], out.json()["bank_reference"]) == ("paid_out", "FT26320")
    assert [deed["by"] for deed in out.json()["record"]] == [
        str(one) for one in (MAKER, CHECKER, MAKER)
    ]
    for at, count in (("proposed", 0), ("approved", 0), ("declined", 0), ("paid_out", 1)):
        listed = (await maker.get("/v1/refunds", params={"state": at})).json()["items"]
        assert len(listed) == count


async def test_what_is_declined_is_due_again(
    service: Running, maker: httpx.AsyncClient, checker: httpx.AsyncClient
) -> None:
    mine = await paid_and_given_up(service, maker)
    path = f"/v1/registrations/{mine['id']}/refunds"
    missing = await maker.post(path, json={"amount": 15_000, "kept": 5_000})
    assert missing.json()["code"] == "refund.reason_missing"
    kept = {"amount": 15_000, "kept": 5_000, "reason": "Trừ phí in vé"}
    refund = await made(maker, path, kept)
    assert await due(maker) == []
    refused = await step(checker, refund, "refusal", {"reason": "Vé không in"})
    assert refused.json()["state"] == "declined"
    assert await due(maker) == [FEE]
    again = await made(checker, path, {"amount": FEE})
    assert (await step(maker, again, "approval")).status_code == 200


async def test_what_was_paid_too_much_is_due_while_the_place_stays(
    service: Running, maker: httpx.AsyncClient, checker: httpx.AsyncClient
) -> None:
    session = await published_session(service, kinds=[{"kind": "general", "fee": FEE}])
    async with service.as_() as lan:
        mine = await made(lan, f"/v1/sessions/{session}/registrations")
        cash = {"amount": FEE + 5_000, "paid_at": now().isoformat(), "note": "Tiền mặt"}
        await made(maker, f"/v1/registrations/{mine['id']}/payments", cash)
        assert await due(maker) == [5_000]
        refund = await made(maker, f"/v1/registrations/{mine['id']}/refunds", {"amount": 5_000})
        assert (await step(checker, refund, "approval")).status_code == 200
        seen = (await lan.get(f"/v1/registrations/{mine['id']}")).json()
        assert (seen["status"], seen["paid"]) == ("confirmed", FEE)
        await made(lan, f"/v1/registrations/{mine['id']}/cancellation")
    assert await due(maker) == [FEE]
