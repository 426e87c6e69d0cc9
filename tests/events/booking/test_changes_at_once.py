"""Two replicas at one instant: what each sees alone is no reason to leave somebody in line."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from services.events.booking.changes.rules import ChangeRegistration
from services.events.booking.quotas.rules import Quota
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.commands import Register
from services.events.booking.unit_of_work.state import Bookings
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from services.events.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.mongo import Tx, UpdateOne
from tests.events.conftest import open_places
from tests.events.interleavings import Replica
from tests.helping.clock import StandingClock

LAN = UUID(int=1)


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[list[Replica]]:
    clock = StandingClock(now())
    made = [Replica(settings, clock) for _ in range(2)]
    await made[0].mongo.ensure_indexes(made[0].service.all_indexes())
    yield made
    for replica in made:
        await replica.mongo.close()


async def stranded(replicas: list[Replica], times: int) -> int:
    """How often a group that became small waits on beside the place that became free with it."""
    one, other = replicas
    left = 0
    for _ in range(times):
        session = await open_places(
            one.mongo, 5, kinds=(TicketKindFacts(), TicketKindFacts(kind=TicketKind.CHILD))
        )
        await one.do(Register(new_id(), session, new_id(), size=5))
        await one.do(Register(new_id(), session, LAN, size=3))
        await asyncio.gather(
            one.do(ChangeRegistration(session, LAN, 1)), other.office.resize(session, 6)
        )
        row = await one.mongo.collection("registrations").find_one(
            {"bookable_id": session, "person_id": LAN}
        )
        assert row is not None
        left += row["status"] == "waiting"
    return left


async def test_a_group_gets_small_as_a_place_gets_free(replicas: list[Replica]) -> None:
    assert await stranded(replicas, times=30) == 0


async def left_between(replicas: list[Replica], times: int) -> int:
    """How often somebody waits on who needed two quotas that got room at the same instant."""
    one, other = replicas
    left = 0
    for _ in range(times):
        bus = await one.office.create(new_id(), "Xe buýt hai tầng", 0)
        session = await open_places(one.mongo, 0, kinds=(TicketKindFacts(shared=(bus,)),))
        await one.do(Register(new_id(), session, LAN))
        await asyncio.gather(one.office.resize(session, 1), other.office.resize(bus, 1))
        row = await one.mongo.collection("registrations").find_one({"bookable_id": session})
        assert row is not None
        left += row["status"] == "waiting"
    return left


async def test_two_quotas_get_room_at_one_instant(replicas: list[Replica]) -> None:
    assert await left_between(replicas, times=30) == 0


async def test_control_who_passes_somebody_by_without_saying_so_leaves_them_behind(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(*_: object) -> None:
        pass

    monkeypatch.setattr(Bookings, "write_again", careless)
    assert await left_between(replicas, times=60) > 0


async def test_control_a_write_that_changes_nothing_takes_no_turn(
    replicas: list[Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    """MongoDB lets two transactions pass each other if what one writes is there already."""

    def careless(self: QuotaStore, tx: Tx, quota: Quota) -> None:
        counts = {"capacity": quota.capacity, "taken": quota.taken, "waiting": quota.waiting}
        tx.at_commit(self._quotas, UpdateOne({"_id": quota.id}, {"$set": counts}, upsert=True))

    monkeypatch.setattr(QuotaStore, "write_quota", careless)
    assert await stranded(replicas, times=60) > 0
