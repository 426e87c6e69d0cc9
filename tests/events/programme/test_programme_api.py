"""Editions, activities and sessions over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import now
from shared.contracts.base import read_wire
from shared.contracts.events import EditionAnnounced, SessionPublished
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, published_session, session, venue

SOMEBODY = new_id()


async def told(service: Running) -> list[Any]:
    rows = service.platform.mongo.collection("outbox").find().sort("created_at", 1)
    return [read_wire(row["body"]) async for row in rows]


async def test_an_edition_is_public_once_announced_and_told_of_again_when_it_changes(
    service: Running,
) -> None:
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        planned = await organiser.post("/v1/editions", json=edition())
        key = planned.json()["id"]
        assert (await anyone.get("/v1/editions/mua-thu")).status_code == 404
        announced = await organiser.post(f"/v1/editions/{key}/announcement")
        assert (await anyone.get("/v1/editions/mua-thu")).json()["id"] == key
        assert [e["id"] for e in (await anyone.get("/v1/editions")).json()["items"]] == [key]
        longer = edition() | {"ends_on": "2026-11-17"}
        await organiser.put(
            f"/v1/editions/{key}", json=longer, headers={"If-Match": announced.headers["etag"]}
        )
        again = await organiser.post(f"/v1/editions/{key}/announcement")
        assert again.status_code == 200
    events = [(envelope.sequence, event) for envelope, event in await told(service)]
    assert [type(event) for _, event in events] == [EditionAnnounced] * 2, "each change told once"
    assert [event.ends_on for _, event in events] == ["2026-11-15", "2026-11-17"]
    assert events[0][0] < events[1][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "Mùa Thu"},
        {"slug": "a--b"},
        {"ends_on": "2026-11-01"},
        {"starts_on": "07/11/2026"},
        {"name": {"en": "No Vietnamese"}},
        {"name": {"vi": "  "}},
    ],
    ids=str,
)
async def test_an_edition_that_makes_no_sense_is_refused(
    service: Running, changes: dict[str, Any]
) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        answer = await organiser.post("/v1/editions", json=edition() | changes)
    assert answer.status_code == 422
    assert await told(service) == []


async def test_two_editions_cannot_have_one_slug(service: Running) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        await made(organiser, "/v1/editions", edition())
        second = await organiser.post("/v1/editions", json=edition())
    assert (second.status_code, second.json()["code"]) == (409, "edition.slug_taken")


async def test_a_published_session_can_be_found_without_diacritics(service: Running) -> None:
    key = await published_session(service)
    async with service.anonymous() as anyone:
        found = (await anyone.get(f"/v1/sessions/{key}")).json()
        listed = await anyone.get(
            "/v1/sessions", params={"edition_id": found["edition_id"], "q": "giay do thu vien"}
        )
        nothing = await anyone.get(
            "/v1/sessions", params={"edition_id": found["edition_id"], "q": "gốm"}
        )
        full = (await anyone.get(f"/v1/sessions/{key}/availability")).json()
    assert [s["id"] for s in listed.json()["items"]] == [str(key)]
    assert nothing.json()["items"] == []
    assert full == {"capacity": 2, "taken": 0, "waiting": 0}
    published = [event for _, event in await told(service) if isinstance(event, SessionPublished)]
    assert [(p.session_id, p.venue.vi, p.capacity) for p in published] == [
        (key, "Thư viện Hà Nội", 2)
    ]


async def test_a_draft_is_nobodys_business(service: Running) -> None:
    async with service.as_(Role.ORGANISER) as organiser, service.as_() as somebody:
        planned = await made(organiser, "/v1/editions", edition())
        path = f"/v1/editions/{planned['id']}/activities"
        kind = {"title": {"vi": "Trưng bày"}, "kind": "exhibition"}
        activity = await made(organiser, path, kind)
        body = session(await venue(service))
        draft = await made(organiser, f"/v1/activities/{activity['id']}/sessions", body)
        for address in (
            path,
            f"/v1/sessions/{draft['id']}",
            f"/v1/sessions/{draft['id']}/availability",
        ):
            assert (await somebody.get(address)).status_code == 404
        refused = await somebody.post(f"/v1/sessions/{draft['id']}/registrations")
        assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"capacity": 201}, 409, "session.over_venue_capacity"),
        ({"capacity": -1}, 422, "input.invalid"),
        ({"venue_id": str(new_id())}, 404, "venue.unknown"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, 422, "input.invalid"),
        ({"starts_at": "2030-01-01T10:00:00"}, 422, "input.invalid"),
        ({"hosts": [str(SOMEBODY), str(SOMEBODY)]}, 422, "input.invalid"),
        ({"setup_minutes": -5}, 422, "input.invalid"),
        ({"mode": "by telephone"}, 422, "input.invalid"),
    ],
    ids=[
        "too many",
        "negative",
        "nowhere",
        "ends before",
        "no time zone",
        "one host twice",
        "set up in negative time",
        "an unknown mode",
    ],
)
async def test_a_session_that_cannot_be_held_is_refused(
    service: Running, changes: dict[str, Any], status: int, code: str
) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition())
        path = f"/v1/editions/{planned['id']}/activities"
        activity = await made(organiser, path, {"title": {"vi": "Kịch"}, "kind": "performance"})
        body = session(await venue(service)) | changes
        answer = await organiser.post(f"/v1/activities/{activity['id']}/sessions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_moving_a_published_session_moves_its_registration_times(service: Running) -> None:
    key = await published_session(service)
    async with service.as_(Role.ORGANISER) as organiser, service.as_() as somebody:
        current = await organiser.post(f"/v1/sessions/{key}/publication")
        facts, etag = current.json()["facts"], {"If-Match": current.headers["etag"]}
        closed = facts | {"closes_at": (now() - timedelta(minutes=1)).isoformat()}
        moved = await organiser.put(f"/v1/sessions/{key}", json=closed, headers=etag)
        assert moved.status_code == 200, moved.text
        await made(organiser, f"/v1/sessions/{key}/publication")
        late = await somebody.post(f"/v1/sessions/{key}/registrations")
    assert (late.status_code, late.json()["code"]) == (409, "registration.closed")
    sequences = [
        envelope.sequence
        for envelope, event in await told(service)
        if isinstance(event, SessionPublished)
    ]
    assert len(sequences) == 2
    assert sequences[0] < sequences[1]
