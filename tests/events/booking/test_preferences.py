"""One wish for any of several sessions: over HTTP, and when several lines move at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.events.booking.box_office.rules import Seat
from services.events.booking.preferences.rules import RegisterByPreference
from services.events.booking.quotas.rules import Quota
from services.events.booking.registrations.commands import Cancel, Register
from services.events.booking.registrations.state import Override
from services.events.programme.ticket_kinds.rules import TicketKindFacts
from services.events.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.conftest import open_places
from tests.events.interleavings import Replica
from tests.events.programme.sample_programme import made, published_session, published_sessions
from tests.helping.clock import StandingClock


async def asked(client: httpx.AsyncClient, session: UUID, **wish: object) -> dict[str, Any]:
    return await made(client, f"/v1/sessions/{session}/registrations", wish or None)


async def any_of(client: httpx.AsyncClient, *sessions: UUID, **more: Any) -> dict[str, Any]:
    return await made(client, "/v1/wishes", {"sessions": [str(s) for s in sessions]} | more)


def shown(wish: dict[str, Any]) -> list[tuple[str, int | None, int | None]]:
    return [(one["status"], one["number"], one["ahead"]) for one in wish["registrations"]]


async def test_with_room_it_is_the_session_that_is_liked_most(service: Running) -> None:
    one, two, three = await published_sessions(
        service, {"capacity": 0}, {"capacity": 2}, {"capacity": 5}
    )
    async with service.as_() as lan:
        wish = await any_of(lan, one, two, three)
    assert [r["bookable_id"] for r in wish["registrations"]] == [str(two)]
    assert shown(wish) == [("confirmed", None, None)]
    assert wish["registrations"][0]["wish_id"] == wish["id"]


async def test_the_first_line_that_moves_ends_the_waiting_in_the_others(service: Running) -> None:
    one, two, three = await published_sessions(service, *[{"capacity": 1}] * 3)
    async with service.as_() as lan, service.as_() as mai, service.as_() as duc:
        taken = [await asked(duc, session) for session in (one, two, three)]
        await asked(mai, two)
        wish = await any_of(lan, one, two, three)
        assert shown(wish) == [("waiting", 1, 0), ("waiting", 2, 1), ("waiting", 1, 0)]
        assert (await mai.get(f"/v1/wishes/{wish['id']}")).status_code == 404
        await made(duc, f"/v1/registrations/{taken[2]['id']}/cancellation")
        now_ = (await lan.get(f"/v1/wishes/{wish['id']}")).json()
        assert [s for s, _, _ in shown(now_)] == ["cancelled", "cancelled", "confirmed"]
        seats = [
            (await lan.get(f"/v1/sessions/{session}/availability")).json()
            for session in (one, two, three)
        ]
        assert [(s["taken"], s["waiting"]) for s in seats] == [(1, 0), (1, 1), (1, 0)]
        again = await any_of(lan, one, two)
        assert [number for _, number, _ in shown(again)] == [2, 3], "numbers are never reused"
    rows = service.platform.mongo.collection("outbox")
    cancelled = {"routing_key": "events.registration.cancelled.v1"}
    assert await rows.count_documents(cancelled) == 1, "Đức's; Lan hears of her place alone"


@pytest.mark.parametrize("how", ["wish", "one of its registrations"])
async def test_one_cancel_ends_all(service: Running, how: str) -> None:
    one, two = await published_sessions(service, {"capacity": 0}, {"capacity": 0})
    async with service.as_() as lan:
        wish = await any_of(lan, one, two)
        if how == "wish":
            ended = await made(lan, f"/v1/wishes/{wish['id']}/cancellation")
            assert (await made(lan, f"/v1/wishes/{wish['id']}/cancellation")) == ended
        else:
            last = wish["registrations"][1]
            await made(lan, f"/v1/registrations/{last['id']}/cancellation")
        left = (await lan.get(f"/v1/wishes/{wish['id']}")).json()
    assert [status for status, _, _ in shown(left)] == ["cancelled"] * 2


async def test_staff_who_take_somebody_off_one_line_leave_the_others(service: Running) -> None:
    one, two = await published_sessions(service, {"capacity": 0}, {"capacity": 0})
    async with service.as_() as lan, service.as_(Role.ORGANISER) as staff:
        wish = await any_of(lan, one, two)
        first = wish["registrations"][0]
        await made(staff, f"/v1/registrations/{first['id']}/cancellation")
        left = (await lan.get(f"/v1/wishes/{wish['id']}")).json()
    assert [status for status, _, _ in shown(left)] == ["cancelled", "waiting"]


async def test_what_is_no_wish(service: Running) -> None:
    one, two = await published_sessions(service, {"capacity": 0}, {})
    closed = await published_session(
        service, closes_at=now().isoformat(), opens_at="2020-01-01T00:00:00Z"
    )
    async with service.as_() as lan:
        for sessions in ([one], [one, one], [*[new_id() for _ in range(11)]]):
            refused = await lan.post("/v1/wishes", json={"sessions": [str(s) for s in sessions]})
            assert refused.status_code == 422, sessions
        for other, code in (
            (new_id(), "session.unknown"),
            (closed, "registration.closed"),
        ):
            body = {"sessions": [str(one), str(other)]}
            assert (await lan.post("/v1/wishes", json=body)).json()["code"] == code
        await asked(lan, one)
        body = {"sessions": [str(two), str(one)]}
        assert (await lan.post("/v1/wishes", json=body)).json()["code"] == "registration.exists"
        assert len((await lan.get("/v1/registrations")).json()["items"]) == 1


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[list[Replica]]:
    clock = StandingClock(now())
    made = [Replica(settings, clock) for _ in range(2)]
    await made[0].mongo.ensure_indexes(made[0].service.all_indexes())
    yield made
    for replica in made:
        await replica.mongo.close()


LAN, MAI = UUID(int=1), UUID(int=2)


def wish(person: UUID, *sessions: UUID) -> RegisterByPreference:
    wanted = tuple(Register(new_id(), session, person) for session in sessions)
    return RegisterByPreference(new_id(), person, wanted)


async def has(replica: Replica, person: UUID) -> list[str]:
    rows = replica.mongo.collection("registrations").find({"person_id": person}).sort("_id", 1)
    return [row["status"] for row in await rows.to_list(None)]


async def test_two_lines_that_move_at_one_instant_give_one_place(replicas: list[Replica]) -> None:
    for n in range(10):
        sessions = [await open_places(replicas[0].mongo, 0) for _ in range(2)]
        person = UUID(int=1_000 + n)
        await replicas[0].do(wish(person, *sessions))
        await asyncio.gather(
            *(r.office.resize(s, 1) for r, s in zip(replicas, sessions, strict=True))
        )
        assert sorted(await has(replicas[0], person)) == ["cancelled", "confirmed"]
        pools = [await replicas[0].places.quota(session) for session in sessions]
        assert sorted(pool.taken for pool in pools if pool) == [0, 1]
        assert [pool.waiting for pool in pools if pool] == [0, 0]


async def test_sessions_that_share_a_bus_give_one_seat_on_it(replicas: list[Replica]) -> None:
    """Both of her entries stand in the same page of the same line, with room for both."""
    replica = replicas[0]
    bus = await replica.office.create(new_id(), "Xe buýt hai tầng", 0)
    kinds = (TicketKindFacts(shared=(bus,)),)
    sessions = [await open_places(replica.mongo, 5, kinds=kinds) for _ in range(2)]
    await replica.do(wish(LAN, *sessions))
    await replica.office.resize(bus, 2)
    assert sorted(await has(replica, LAN)) == ["cancelled", "confirmed"]
    assert await replica.places.quota(bus) == Quota(bus, 2, taken=1)


async def test_a_wish_and_the_place_for_it_in_one_flush(replicas: list[Replica]) -> None:
    """None of it has been written when the line is served."""
    replica = replicas[0]
    sessions = [await open_places(replica.mongo, 1) for _ in range(3)]
    for session in sessions:
        await replica.do(Register(new_id(), session, MAI))
    await asyncio.gather(
        replica.do(wish(LAN, *sessions)),
        replica.do(Cancel(sessions[1], MAI)),
        replica.do(Cancel(sessions[2], MAI)),
    )
    assert await has(replica, LAN) == ["cancelled", "confirmed", "cancelled"]


async def test_an_offer_that_is_not_accepted_ends_the_wish(replicas: list[Replica]) -> None:
    replica = replicas[0]
    kinds = (TicketKindFacts(offer_minutes=10),)
    sessions = [await open_places(replica.mongo, 0, kinds=kinds) for _ in range(2)]
    await replica.do(wish(LAN, *sessions))
    await replica.office.resize(sessions[0], 1)
    assert await has(replica, LAN) == ["offered", "cancelled"]
    clock = replica.expiry._clock
    assert isinstance(clock, StandingClock)
    clock.forward(minutes=10)
    await replica.expiry.look()
    assert await has(replica, LAN) == ["cancelled", "cancelled"]


async def test_who_is_seated_by_staff_has_their_wish(replicas: list[Replica]) -> None:
    replica = replicas[0]
    sessions = [await open_places(replica.mongo, 0) for _ in range(2)]
    await replica.do(wish(LAN, *sessions))
    await replica.do(Seat(sessions[1], LAN, Override(MAI, "Khách của ban tổ chức")))
    assert await has(replica, LAN) == ["cancelled", "confirmed"]
