"""Priority in the line, two sessions at one time, and who comes along, over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.booking.clashes.rules import SessionTimes, clashing
from shared.clock import now
from shared.roles import Role
from shared.testing.running import Running
from shared.testing.scenarios import NOON
from tests.events.programme.sample_programme import made, published_session

HOUR = timedelta(hours=1)


async def test_staff_move_somebody_up_the_line_and_say_why(service: Running) -> None:
    session = await published_session(service, capacity=0)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.ORGANISER) as staff:
        first, last = [await made(c, f"/v1/sessions/{session}/registrations") for c in (lan, mai)]
        path = f"/v1/registrations/{last['id']}/priority"
        better = {"priority": 5, "reason": "Đi xe lăn, đã đến hôm trước mà thang máy hỏng"}
        assert (await mai.put(path, json=better)).status_code == 403
        assert (await staff.put(path, json={"priority": 5})).status_code == 422
        assert (await staff.put(path, json=better | {"priority": -1})).status_code == 422
        moved = (await staff.put(path, json=better)).json()
        assert (moved["number"], moved["ahead"]) == (2, 0), "the number stays, the place does not"
        assert (await lan.get(f"/v1/registrations/{first['id']}")).json()["ahead"] == 1
        await mai.post(f"/v1/registrations/{last['id']}/cancellation")
        late = await staff.put(path, json=better)
    assert (late.status_code, late.json()["code"]) == (404, "registration.unknown")


def test_what_overlaps() -> None:
    spans = {
        UUID(int=n): SessionTimes(NOON + begins * HOUR, NOON + ends * HOUR)
        for n, (begins, ends) in enumerate([(0, 2), (2, 3), (-1, 0), (1, 5), (-1, 4), (0.5, 1)])
    }
    others = [UUID(int=n) for n in (*range(6), 99)]
    assert clashing(UUID(int=0), others, spans) == [UUID(int=n) for n in (4, 5, 3)]
    assert clashing(UUID(int=1), others, spans) == [UUID(int=n) for n in (4, 3)]
    assert clashing(UUID(int=99), others, spans) == []


async def test_two_sessions_at_one_time_are_a_warning(service: Running) -> None:
    def at(hours: int) -> dict[str, Any]:
        starts = now() + hours * HOUR
        return {
            "starts_at": starts.isoformat(),
            "ends_at": (starts + 2 * HOUR).isoformat(),
            "closes_at": starts.isoformat(),
        }

    early = await published_session(service, **at(2))
    middle = await published_session(service, **at(3))
    late = await published_session(service, **at(4))
    full = await published_session(service, capacity=0, **at(3))
    async with service.as_() as lan:
        got = [
            await made(lan, f"/v1/sessions/{session}/registrations")
            for session in (early, full, middle, late)
        ]
        assert [one["clashes"] for one in got] == [
            [],
            [str(early)],
            [str(early)],  # she only waits for the full one
            [str(middle)],
        ]
        listed = (await lan.get("/v1/registrations")).json()["items"]
        assert {UUID(one["bookable_id"]): [UUID(c) for c in one["clashes"]] for one in listed} == {
            early: [middle],
            middle: [early, late],
            late: [middle],
            full: [early, middle, late],
        }
        await made(lan, f"/v1/registrations/{got[2]['id']}/cancellation")
        alone = (await lan.get(f"/v1/registrations/{got[3]['id']}")).json()
    assert alone["clashes"] == []


async def test_who_comes_along_is_between_the_holder_the_organisers_and_the_gate(
    service: Running,
) -> None:
    session = await published_session(service, capacity=5)
    names = ["Trần Thị Ngọc Diễm", "Nguyễn Hữu Đức"]
    async with service.as_() as lan, service.as_() as mai:
        mine = await made(lan, f"/v1/sessions/{session}/registrations", {"size": 3})
        path = f"/v1/registrations/{mine['id']}/companions"
        assert (await lan.get(path)).json() == {"names": []}
        assert (await lan.put(path, json={"names": names})).json() == {"names": names}
        for role in (Role.ORGANISER, Role.GATE):
            async with service.as_(role) as staff:
                assert (await staff.get(path)).json() == {"names": names}
        async with service.as_(Role.GATE) as gate:
            assert (await gate.put(path, json={"names": []})).status_code == 404
        for asked in (mai.get(path), mai.put(path, json={"names": []}), mai.delete(path)):
            assert (await asked).status_code == 404
        many = await lan.put(path, json={"names": [*names, "Lê Văn Tám"]})
        assert (many.status_code, many.json()["code"]) == (422, "registration.too_many_names")
        assert (await lan.delete(path)).status_code == 204
        assert (await lan.get(path)).json() == {"names": []}


@pytest.mark.parametrize("how", ["cancelled", "cleared"])
async def test_names_are_nowhere_once_they_are_not_needed(
    service: Running, how: str, stored: "Callable[[], Any]"
) -> None:
    session = await published_session(service, capacity=5)
    key = {"Idempotency-Key": "k1"}
    async with service.as_() as lan:
        mine = await made(lan, f"/v1/sessions/{session}/registrations", {"size": 2})
        path = f"/v1/registrations/{mine['id']}"
        await lan.put(f"{path}/companions", json={"names": ["Phạm Kỳ Duyên"]}, headers=key)
        assert [name for name, text in (await stored()).items() if "Kỳ Duyên" in text] == [
            "registrations"
        ]
        if how == "cancelled":
            await made(lan, f"{path}/cancellation")
        else:
            await lan.delete(f"{path}/companions")
    assert not [name for name, text in (await stored()).items() if "Kỳ Duyên" in text]


@pytest.fixture
def stored(service: Running) -> Callable[[], Any]:
    """All that this service has stored, as text by collection."""

    async def read() -> dict[str, str]:
        db = service.platform.mongo.db
        return {
            name: str(await db[name].find().to_list(None))
            for name in await db.list_collection_names()
        }

    return read


async def test_companions_are_named_until_the_session_begins(service: Running) -> None:
    begun = now() - HOUR
    session = await published_session(
        service,
        capacity=5,
        starts_at=begun.isoformat(),
        ends_at=(begun + 3 * HOUR).isoformat(),
        closes_at=(now() + HOUR).isoformat(),
    )
    async with service.as_() as lan:
        mine = await made(lan, f"/v1/sessions/{session}/registrations", {"size": 2})
        path = f"/v1/registrations/{mine['id']}/companions"
        late = await lan.put(path, json={"names": ["Đỗ Hải Yến"]})
        assert (late.status_code, late.json()["code"]) == (409, "registration.session_begun")
        assert (await lan.delete(path)).status_code == 204, "to forget is never too late"
