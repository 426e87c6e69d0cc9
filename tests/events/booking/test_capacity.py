"""Pools, kinds, codes, holds, offers and lines on a real store, whatever comes in between."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from services.events import app
from services.events.booking.box_office.rules import Prioritise
from services.events.booking.quotas.rules import Quota
from services.events.booking.registrations.commands import Cancel, Confirm, Register
from services.events.booking.registrations.errors import Expired
from services.events.booking.registrations.rules import RegistrationContext, placed
from services.events.booking.registrations.state import (
    Ending,
    Override,
    Registration,
    RegistrationDecision,
    Status,
)
from services.events.booking.unit_of_work.service import PAGE, BookingUnitOfWork
from services.events.payments.fees import rules as crediting
from services.events.payments.refunds import service as refund_service
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from services.events.settings import Settings
from shared.clock import now
from shared.http.idempotency import Reply
from shared.ids import new_id
from shared.mongo import MongoError
from tests.events.conftest import open_places
from tests.events.interleavings import Festival, Replica
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[list[Replica]]:
    clock = StandingClock(now())
    made = [Replica(settings, clock) for _ in range(2)]
    yield made
    for replica in made:
        await replica.mongo.close()


def festival(replicas: list[Replica], seed: int) -> Festival:
    clock = replicas[0].expiry._clock
    assert isinstance(clock, StandingClock)
    return Festival(replicas, clock, seed)


async def until_one_breaks(replicas: list[Replica]) -> None:
    for seed in range(30):
        story = festival(replicas, seed)
        await story.open()
        await story.play(rounds=60, together=8)


@pytest.mark.parametrize("seed", range(6))
async def test_no_interleaving_oversells_or_strands_a_place(
    replicas: list[Replica], seed: int
) -> None:
    story = festival(replicas, seed)
    await story.open()
    states = (Status.CONFIRMED, Status.WAITING, Status.ASKED, Status.UNPAID, Status.CANCELLED)
    ways = (Ending.MOVE, Ending.TRANSFER, Ending.WISH)
    refunds = ("refund approved", "refund declined")
    wanted = [*states, "came late", *refunds, *(f"ended by {way}" for way in ways)]
    await story.play(rounds=60, together=8)
    for _ in range(20):  # a story in which something never happens says nothing about it
        if all(story.seen[one] for one in wanted):
            break
        await story.play(rounds=10, together=8)
    assert all(story.seen[one] for one in wanted), story.seen


async def test_control_a_line_that_nobody_serves_strands_places(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(*_: object) -> None:
        pass

    monkeypatch.setattr(BookingUnitOfWork, "_serve_waiting", nobody)
    story = festival(replicas, 0)
    await story.open()
    with pytest.raises(AssertionError, match="though there is room"):
        await story.play(rounds=60, together=8)


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

    with pytest.raises(AssertionError, match=r"taken of"):
        await until_one_breaks(replicas)


async def test_control_a_refund_that_is_not_set_aside_counts_money_twice(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        refund_service, "set_aside", lambda _, one, __: RegistrationDecision(one, one)
    )
    with pytest.raises(AssertionError, match=r"paid; .* came in"):
        await until_one_breaks(replicas)


async def test_control_a_wish_that_nobody_links_gets_two_places(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(*_: object) -> None:
        pass

    monkeypatch.setattr(BookingUnitOfWork, "_leave_other_waits", nobody)
    with pytest.raises(AssertionError, match=r"wish .*(confirmed|asked|offered|held|unpaid)"):
        await until_one_breaks(replicas)


async def test_control_without_transactions_the_same_stories_go_wrong(settings: Settings) -> None:
    clock = StandingClock(now())
    careless = [Replica(settings, clock, without_transactions(app.build)) for _ in range(2)]
    story = Festival(careless, clock, 0)
    await story.open()
    with pytest.raises((AssertionError, MongoError)):
        await story.play(rounds=60, together=8)
    for replica in careless:
        await replica.mongo.close()


async def statuses(replica: Replica, session: UUID) -> dict[UUID, str]:
    rows = replica.mongo.collection("registrations").find({"bookable_id": session})
    return {row["person_id"]: row["status"] for row in await rows.to_list(None)}


PEOPLE = [UUID(int=n) for n in range(1, 21)]


async def asked(replica: Replica, session: UUID, people: Sequence[UUID], **wish: Any) -> None:
    for person in people:
        answer = await replica.do(Register(new_id(), session, person, **wish))
        assert isinstance(answer, Reply), answer


@pytest.fixture
async def replica(replicas: list[Replica]) -> Replica:
    await replicas[0].mongo.ensure_indexes(replicas[0].service.all_indexes())
    return replicas[0]


async def test_seven_new_places_for_ten_who_wait_leave_exactly_the_last_three(
    replica: Replica,
) -> None:
    session = await open_places(replica.mongo, 0)
    await asked(replica, session, PEOPLE[:10])
    await replica.office.resize(session, 7)
    found = await statuses(replica, session)
    assert [found[person] for person in PEOPLE[:10]] == ["confirmed"] * 7 + ["waiting"] * 3


async def test_who_has_priority_comes_first(replica: Replica) -> None:
    session = await open_places(replica.mongo, 0)
    await asked(replica, session, PEOPLE[:10])
    reason = Override(new_id(), "Nghệ nhân làng nghề Chuông")
    for person in PEOPLE[7:10]:
        assert isinstance(await replica.do(Prioritise(session, person, 1, reason)), Reply)
    kept = await replica.mongo.collection("registrations").find_one({"person_id": PEOPLE[9]})
    assert kept is not None
    assert kept["preference"] == reason._asdict()
    await replica.office.resize(session, 7)
    found = await statuses(replica, session)
    waiting = [person for person in PEOPLE[:10] if found[person] == "waiting"]
    assert waiting == PEOPLE[4:7]


async def test_a_group_comes_in_whole_or_not_and_nobody_waits_for_it(replica: Replica) -> None:
    session = await open_places(replica.mongo, 5)
    await asked(replica, session, PEOPLE[:5])
    await asked(replica, session, PEOPLE[5:6], size=3)
    await asked(replica, session, PEOPLE[6:7])
    for person in PEOPLE[:2]:
        await replica.do(Cancel(session, person))
    found = await statuses(replica, session)
    assert (found[PEOPLE[5]], found[PEOPLE[6]]) == ("waiting", "confirmed")
    for person in PEOPLE[2:4]:
        await replica.do(Cancel(session, person))
    assert (await statuses(replica, session))[PEOPLE[5]] == "confirmed"
    pool = await replica.places.quota(session)
    assert pool == Quota(session, 5, taken=5)


async def test_a_seat_on_the_shared_bus_goes_to_whichever_session_waits_longest(
    replica: Replica,
) -> None:
    bus = await replica.office.create(new_id(), "Xe buýt hai tầng", 1)
    kinds = (TicketKindFacts(shared=(bus,)), TicketKindFacts(kind=TicketKind.INVITED))
    one, two = [await open_places(replica.mongo, 10, kinds=kinds) for _ in range(2)]
    await asked(replica, one, PEOPLE[:1])
    await asked(replica, two, PEOPLE[1:2])
    await asked(replica, one, PEOPLE[2:3])
    await asked(replica, two, PEOPLE[3:4], kind=TicketKind.INVITED)
    await replica.do(Cancel(one, PEOPLE[0]))
    assert await statuses(replica, two) == {PEOPLE[1]: "confirmed", PEOPLE[3]: "confirmed"}
    assert (await statuses(replica, one))[PEOPLE[2]] == "waiting"


async def test_a_code_for_three_that_five_use_at_once_lets_in_three(
    replicas: list[Replica], replica: Replica
) -> None:
    kinds = (TicketKindFacts(), TicketKindFacts(kind=TicketKind.PRESS, code_only=True))
    session = await open_places(replica.mongo, 50, kinds=kinds)
    await replica.office.add_code(session, "BAO-CHI", TicketKind.PRESS, 3)
    await asyncio.gather(
        *(
            replicas[n % 2].do(Register(new_id(), session, person, TicketKind.PRESS, 1, "BAO-CHI"))
            for n, person in enumerate(PEOPLE[:5])
        )
    )
    found = Counter((await statuses(replica, session)).values())
    assert found == {"confirmed": 3, "waiting": 2}
    [gone, *_] = [p for p, s in (await statuses(replica, session)).items() if s == "confirmed"]
    await replica.do(Cancel(session, gone))
    found = Counter((await statuses(replica, session)).values())
    assert found == {"confirmed": 3, "waiting": 1, "cancelled": 1}, "its use goes to the next"


async def test_what_is_held_goes_to_the_next_when_its_time_is_up(replica: Replica) -> None:
    session = await open_places(replica.mongo, 2)
    await asked(replica, session, PEOPLE[:2], hold=True)
    await asked(replica, session, PEOPLE[2:4])
    clock = replica.expiry._clock
    assert isinstance(clock, StandingClock)
    await replica.do(Confirm(session, PEOPLE[0]))
    clock.forward(minutes=14, seconds=59)
    await replica.expiry.look()
    assert (await statuses(replica, session))[PEOPLE[1]] == "held"
    clock.forward(seconds=1)
    assert isinstance(await replica.do(Confirm(session, PEOPLE[1])), Expired)
    await replica.expiry.look()
    found = await statuses(replica, session)
    assert [found[p] for p in PEOPLE[:4]] == ["confirmed", "cancelled", "confirmed", "waiting"]


async def test_an_offer_that_nobody_accepts_goes_down_the_line(replica: Replica) -> None:
    session = await open_places(replica.mongo, 1, kinds=(TicketKindFacts(offer_minutes=30),))
    await asked(replica, session, PEOPLE[:4])
    clock = replica.expiry._clock
    assert isinstance(clock, StandingClock)
    await replica.do(Cancel(session, PEOPLE[0]))
    for turn in (1, 2):
        assert (await statuses(replica, session))[PEOPLE[turn]] == "offered"
        clock.forward(minutes=30)
        await replica.expiry.look()
    await replica.do(Confirm(session, PEOPLE[3]))
    found = await statuses(replica, session)
    assert [found[p] for p in PEOPLE[:4]] == ["cancelled"] * 3 + ["confirmed"]


async def test_a_cut_throws_nobody_out_and_lets_nobody_in_until_there_is_room(
    replica: Replica,
) -> None:
    session = await open_places(replica.mongo, 4)
    await asked(replica, session, PEOPLE[:5])
    await replica.office.resize(session, 2)
    for left, person in ((3, PEOPLE[0]), (2, PEOPLE[1])):
        await replica.do(Cancel(session, person))
        assert await replica.places.quota(session) == Quota(session, 2, taken=left, waiting=1)
    await replica.do(Cancel(session, PEOPLE[2]))
    assert (await statuses(replica, session))[PEOPLE[4]] == "confirmed"
    assert await replica.places.quota(session) == Quota(session, 2, taken=2)


async def test_many_blocked_ones_before_them_do_not_hide_those_who_fit(replica: Replica) -> None:
    """More than one page of the line waits for a ramp; the one behind them needs none."""
    kinds = (TicketKindFacts(), TicketKindFacts(kind=TicketKind.WHEELCHAIR, capacity=0))
    session = await open_places(replica.mongo, 0, kinds=kinds)
    many = [UUID(int=n) for n in range(100, 100 + 2 * PAGE)]
    await asyncio.gather(
        *(replica.do(Register(new_id(), session, p, TicketKind.WHEELCHAIR)) for p in many)
    )
    await asked(replica, session, [PEOPLE[0]])
    await asked(replica, session, many_groups := [UUID(int=n) for n in range(500, 520)], size=1)
    await replica.office.resize(session, 1)
    found = await statuses(replica, session)
    assert found[PEOPLE[0]] == "confirmed"
    assert {found[person] for person in (*many, *many_groups)} == {"waiting"}
