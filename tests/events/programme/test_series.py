"""Sessions that recur, over HTTP: planned and changed together, or not at all."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.programme.series.rules import SeriesEmpty
from services.events.programme.sessions.rules import Command, Session, SessionFacts
from services.events.programme.sessions.service import SessionService
from shared.clock import local
from shared.ids import new_id
from shared.mongo import Tx
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, facts, made, venue


async def activity(service: Running) -> str:
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition())
        kind = {"title": {"vi": "Lớp vẽ ký họa"}, "kind": "course"}
        path = f"/v1/editions/{planned['id']}/activities"
        return str((await made(organiser, path, kind))["id"])


def wire(given: SessionFacts, venue_id: UUID) -> dict[str, Any]:
    return given.model_dump(mode="json") | {"venue_id": str(venue_id)}


async def test_a_course_is_planned_at_once_and_moved_from_the_second_evening_on(
    service: Running,
) -> None:
    course, library = await activity(service), await venue(service)
    body = {"facts": wire(facts(), library), "rule": {"frequency": "weekly", "count": 4}}
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        path = f"/v1/activities/{course}/series"
        once = {"Idempotency-Key": "khoa-ky-hoa"}
        planned = await organiser.post(path, json=body, headers=once)
        assert planned.status_code == 201, planned.text
        assert (await organiser.post(path, json=body, headers=once)).json() == planned.json()
        series = planned.json()
        mine = f"/v1/series/{series['series_id']}/sessions"
        assert (await organiser.get(mine)).json() == series
        assert (await anyone.get(mine)).status_code == 404
        first, second, third, _ = (session["id"] for session in series["sessions"])
        await made(organiser, f"/v1/sessions/{first}/publication")
        public = (await anyone.get(mine)).json()["sessions"]
        assert [session["id"] for session in public] == [first]

        read = await organiser.get(f"/v1/sessions/{second}")
        later = read.json()["facts"]
        starts = datetime.fromisoformat(later["starts_at"]) + timedelta(hours=1)
        later |= {"starts_at": starts.isoformat(), "capacity": 12}
        address = f"/v1/sessions/{second}/following"
        assert (await organiser.put(address, json=later)).status_code == 428
        seen = {"If-Match": read.headers["etag"]}
        moved = await organiser.put(address, json=later, headers=seen)
        assert moved.status_code == 200, moved.text
        assert (await organiser.put(address, json=later, headers=seen)).status_code == 412
        after = (await organiser.get(mine)).json()["sessions"]
    hours = [f"{local(datetime.fromisoformat(s['facts']['starts_at'])):%d %H:%M}" for s in after]
    assert hours == ["07 00:30", "14 01:30", "21 01:30", "28 01:30"]
    assert [session["facts"]["capacity"] for session in after] == [20, 12, 12, 12]
    assert third == after[2]["id"]


async def test_what_is_public_waits_for_a_release_and_what_is_cancelled_stays_as_it_is(
    service: Running,
) -> None:
    course, library = await activity(service), await venue(service)
    body = {"facts": wire(facts(), library), "rule": {"frequency": "weekly", "count": 3}}
    async with service.as_(Role.ORGANISER) as organiser:
        series = await made(organiser, f"/v1/activities/{course}/series", body)
        first, second, third = (f"/v1/sessions/{one['id']}" for one in series["sessions"])
        for path in (first, second):
            await made(organiser, f"{path}/publication")
        await made(organiser, f"{second}/cancellation", {"reason": {"vi": "Mưa bão"}})
        read = await organiser.get(first)
        smaller = read.json()["facts"] | {"capacity": 7}
        seen = {"If-Match": read.headers["etag"]}
        changed = await organiser.put(f"{first}/following", json=smaller, headers=seen)
        assert changed.status_code == 200, changed.text
        again = {"If-Match": (await organiser.get(first)).headers["etag"]}
        smaller |= {"capacity": 6}
        changed = await organiser.put(f"{first}/following", json=smaller, headers=again)
        assert changed.status_code == 200, changed.text
        found = [(await organiser.get(path)).json() for path in (first, second, third)]
    assert [one["facts"]["capacity"] for one in found] == [20, 20, 6]
    assert [one["draft"] and one["draft"]["capacity"] for one in found] == [6, None, None]


async def test_an_ordinary_session_has_none_following(service: Running) -> None:
    course, library = await activity(service), await venue(service)
    async with service.as_(Role.ORGANISER) as organiser:
        alone = await made(organiser, f"/v1/activities/{course}/sessions", wire(facts(), library))
        read = await organiser.get(f"/v1/sessions/{alone['id']}")
        seen = {"If-Match": read.headers["etag"]}
        path = f"/v1/sessions/{alone['id']}/following"
        refused = await organiser.put(path, json=alone["facts"], headers=seen)
        assert (refused.status_code, refused.json()["code"]) == (409, "session.not_in_series")
        unknown = await organiser.get(f"/v1/series/{new_id()}/sessions")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "series.unknown")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"rule": {"frequency": "daily", "until": "2026-11-01"}}, 409, "series.empty"),
        ({"rule": {"frequency": "daily", "until": "2030-01-01"}}, 409, "series.too_long"),
        ({"rule": {"frequency": "daily"}}, 422, "input.invalid"),
        ({"capacity": 201}, 409, "session.over_venue_capacity"),
        ({"venue_id": str(new_id())}, 404, "venue.unknown"),
    ],
    ids=["no day", "too long", "no end", "too many", "nowhere"],
)
async def test_a_series_that_cannot_be_held_plans_nothing(
    service: Running, changes: dict[str, Any], status: int, code: str
) -> None:
    course, library = await activity(service), await venue(service)
    recurs = changes.pop("rule", {"frequency": "daily", "count": 3})
    body = {"facts": wire(facts(), library) | changes, "rule": recurs}
    async with service.as_(Role.ORGANISER) as organiser:
        answer = await organiser.post(f"/v1/activities/{course}/series", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await service.platform.mongo.collection("sessions").count_documents({}) == 0


@pytest.mark.parametrize("together", [True, False])
async def test_all_or_nothing(
    service: Running, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    """The third of five fails. Without the common transaction (the control) two would stay."""
    course, library = await activity(service), await venue(service)
    performed, done = SessionService.perform, 0

    async def third_fails(
        self: SessionService, tx: Tx, key: UUID, command: Command, now: datetime, **more: Any
    ) -> Session:
        nonlocal done
        done += 1
        if done == 3:
            raise SeriesEmpty
        if together:
            return await performed(self, tx, key, command, now, **more)
        return await service.platform.mongo.transaction(
            lambda own: performed(self, own, key, command, now, **more)
        )

    monkeypatch.setattr(SessionService, "perform", third_fails)
    body = {"facts": wire(facts(), library), "rule": {"frequency": "daily", "count": 5}}
    async with service.as_(Role.ORGANISER) as organiser:
        answer = await organiser.post(f"/v1/activities/{course}/series", json=body)
    assert answer.status_code == 409
    kept = await service.platform.mongo.collection("sessions").count_documents({})
    assert kept == (0 if together else 2)


async def test_the_longest_series_is_planned_and_changed_in_one_go(service: Running) -> None:
    course, library = await activity(service), await venue(service)
    body = {"facts": wire(facts(), library), "rule": {"frequency": "daily", "count": 400}}
    async with service.as_(Role.ORGANISER) as organiser:
        series = await made(organiser, f"/v1/activities/{course}/series", body)
        assert len(series["sessions"]) == 400
        first = series["sessions"][0]
        read = await organiser.get(f"/v1/sessions/{first['id']}")
        changed = first["facts"] | {"capacity": 5}
        answer = await organiser.put(
            f"/v1/sessions/{first['id']}/following",
            json=changed,
            headers={"If-Match": read.headers["etag"]},
        )
    assert {session["facts"]["capacity"] for session in answer.json()["sessions"]} == {5}


async def test_a_change_that_does_not_fit_the_room_of_a_later_one_changes_nothing(
    service: Running,
) -> None:
    """The third evening is in a room of its own; the series moves to another venue."""
    course = await activity(service)
    library, museum = await venue(service), await venue(service, capacity=30)
    body = {"facts": wire(facts(), library), "rule": {"frequency": "weekly", "count": 3}}
    async with service.as_(Role.ORGANISER) as organiser:
        series = await made(organiser, f"/v1/activities/{course}/series", body)
        first, _, third = (f"/v1/sessions/{one['id']}" for one in series["sessions"])
        attic = await made(organiser, f"/v1/venues/{library}/rooms", {"name": {"vi": "Gác mái"}})

        async def put(path: str, of: str, **changes: Any) -> Any:
            read = await organiser.get(of)
            seen = {"If-Match": read.headers["etag"]}
            return await organiser.put(path, json=read.json()["facts"] | changes, headers=seen)

        assert (await put(third, third, room_id=attic["id"])).is_success
        refused = await put(f"{first}/following", first, venue_id=str(museum))
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "series.does_not_fit")
        assert problem["session_id"] == third.rpartition("/")[2]
        elsewhere = await put(f"{first}/following", first, room_id=str(new_id()))
        assert elsewhere.json()["code"] == "room.unknown", "of the one that was named"
        mine = f"/v1/series/{series['series_id']}/sessions"
        for one in (await organiser.get(mine)).json()["sessions"]:
            assert one["facts"]["venue_id"] == str(library)
