"""Who is in a segment: the rule alone, and over HTTP with real registrations."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from services.events.booking.registrations.state import Status
from services.events.reporting.segments.rules import (
    Involvement,
    Segment,
    SegmentDescription,
    SegmentElsewhere,
    SegmentPerson,
    SegmentSession,
    matcher,
    sessions_to_read,
)
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, session, venue

NOW = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
GOM, GIAY, PHO = new_id(), new_id(), new_id()  # pottery (over), paper (to come), a walk (to come)
POTTERY, CRAFT, WALKS = new_id(), new_id(), new_id()
HOST = new_id()
PROGRAMME = {
    GOM: SegmentSession(POTTERY, CRAFT, NOW - timedelta(hours=1), frozenset({HOST})),
    GIAY: SegmentSession(new_id(), CRAFT, NOW + timedelta(hours=1)),
    PHO: SegmentSession(WALKS, None, NOW + timedelta(days=1)),
}
PEOPLE = {
    "lan": [Involvement(GOM, Status.CONFIRMED, True), Involvement(GIAY, Status.CONFIRMED, False)],
    "duc": [Involvement(GOM, Status.CONFIRMED, False)],
    "mai": [Involvement(GIAY, Status.WAITING, False), Involvement(PHO, Status.OFFERED, False)],
    "tam": [Involvement(PHO, Status.UNPAID, False)],
    "hoa": [],
}
HOSTING = {"hoa": frozenset({GOM})}
SEGMENTS: TypeAdapter[Segment] = TypeAdapter(Segment)


def members(segment: dict[str, Any]) -> str:
    belongs = matcher(SEGMENTS.validate_python(segment), PROGRAMME, NOW)
    people = {
        n: SegmentPerson(new_id(), has, HOSTING.get(n, frozenset())) for n, has in PEOPLE.items()
    }
    return " ".join(name for name, person in people.items() if belongs(person))


@pytest.mark.parametrize(
    ("segment", "who"),
    [
        ({"are": "registered"}, "lan duc mai tam"),
        ({"are": "registered", "strand_id": CRAFT}, "lan duc mai"),
        ({"are": "registered", "activity_id": WALKS}, "mai tam"),
        ({"are": "confirmed", "session_id": GIAY}, "lan"),
        ({"are": "waiting"}, "mai"),
        ({"are": "waiting", "session_id": PHO}, ""),
        ({"are": "offered", "session_id": PHO}, "mai"),
        ({"are": "unpaid"}, "tam"),
        ({"are": "not_checked_in", "session_id": GOM}, "duc"),
        ({"are": "not_checked_in"}, "lan duc"),
        ({"are": "attended", "session_id": GOM}, "lan"),
        ({"are": "no_show"}, "duc"),  # the session that lan missed is not over yet
        ({"hosts": True}, "hoa"),
        ({"hosts": True, "session_id": GIAY}, ""),
        ({"none": [{"are": "attended"}]}, "duc mai tam hoa"),
        ({"all": [{"are": "registered"}, {"none": [{"are": "attended"}]}]}, "duc mai tam"),
        ({"any": [{"hosts": True}, {"are": "waiting"}]}, "mai hoa"),
        ({"all": [{"are": "waiting"}, {"are": "offered"}]}, "mai"),  # of different sessions
        ({"none": [{"none": [{"are": "unpaid"}]}]}, "tam"),
        ({"none": [{"are": "registered"}, {"hosts": True}]}, ""),
    ],
)
def test_who(segment: dict[str, Any], who: str) -> None:
    assert members(segment) == who


@pytest.mark.parametrize(
    ("segment", "sessions"),
    [
        ({"are": "waiting", "session_id": PHO}, {PHO}),
        ({"any": [{"are": "waiting", "session_id": PHO}, {"hosts": True, "session_id": GOM}]},
         {PHO, GOM}),
        ({"are": "registered"}, {GOM, GIAY, PHO}),
        ({"none": [{"are": "waiting", "session_id": PHO}]}, {GOM, GIAY, PHO}),
    ],
)  # fmt: skip
def test_only_the_sessions_that_matter_are_read(
    segment: dict[str, Any], sessions: set[UUID]
) -> None:
    assert sessions_to_read(SEGMENTS.validate_python(segment), PROGRAMME) == sessions


@pytest.mark.parametrize("place", ["session_id", "activity_id", "strand_id"])
def test_what_is_not_of_the_edition_is_refused(place: str) -> None:
    with pytest.raises(SegmentElsewhere):
        matcher(SEGMENTS.validate_python({"are": "waiting", place: new_id()}), PROGRAMME, NOW)


@pytest.mark.parametrize(
    "segment",
    [
        {},
        {"are": "asleep"},
        {"are": "waiting", "session_id": GOM, "strand_id": CRAFT},
        {"are": "waiting", "ward": "Hoàn Kiếm"},
        {"all": []},
        {"hosts": False},
        {"any": [{"are": "waiting"}] * 11},
        {"all": [{"any": [{"are": "waiting"}] * 10}] * 6},
    ],
)
def test_what_is_no_segment(segment: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SegmentDescription(segment=segment)


async def two_sessions(service: Running) -> tuple[str, list[str]]:
    """An edition with two sessions, one with three seats and one with one seat."""
    async with service.as_(Role.ORGANISER) as mai:
        planned = await made(mai, "/v1/editions", edition(f"e-{new_id().hex[-8:]}"))
        keys = []
        for capacity in (3, 1):
            kind = {"title": {"vi": "Xưởng giấy dó"}, "kind": "workshop"}
            activity = await made(mai, f"/v1/editions/{planned['id']}/activities", kind)
            body = session(await venue(service), capacity=capacity)
            path = f"/v1/activities/{activity['id']}/sessions"
            keys.append((await made(mai, path, body))["id"])
            await made(mai, f"/v1/sessions/{keys[-1]}/publication")
    return planned["id"], keys


async def register(client: httpx.AsyncClient, session: str) -> Any:
    return await made(client, f"/v1/sessions/{session}/registrations")


async def test_everyone_not_yet_checked_in_is_counted_and_named_by_id_alone(
    service: Running,
) -> None:
    edition_id, [giay, gom] = await two_sessions(service)
    lan, duc, mai = new_id(), new_id(), new_id()
    for person, sessions in ((lan, [giay, gom]), (duc, [giay, gom]), (mai, [giay])):
        async with service.as_(person=person) as client:
            mine = [await register(client, one) for one in sessions]
            if person == lan:
                ticket = (await client.get(f"/v1/registrations/{mine[0]['id']}/ticket")).json()
            if person == mai:
                await made(client, f"/v1/registrations/{mine[0]['id']}/cancellation")
    async with service.as_(Role.GATE) as gate:
        await made(gate, f"/v1/sessions/{giay}/admissions", ticket)
    path = f"/v1/editions/{edition_id}/segments/preview"
    async with service.as_(Role.ORGANISER) as staff, service.as_(Role.ADMIN) as admin:

        async def people(**segment: Any) -> set[str]:
            found = await made(staff, path, {"segment": segment})
            assert found["count"] == len(found["people"])
            return set(found["people"])

        assert await people(are="not_checked_in", session_id=giay) == {str(duc)}
        assert await people(are="not_checked_in") == {str(lan), str(duc)}
        assert await people(are="waiting", session_id=gom) == {str(duc)}
        assert await people(are="attended") == {str(lan)}
        assert await people(none=[{"are": "attended"}]) == {str(duc)}, "who cancelled is not there"
        elsewhere = await staff.post(
            path, json={"segment": {"are": "waiting", "session_id": str(lan)}}
        )
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "segment.elsewhere")
        [row, *_] = (await admin.get("/v1/audit", params={"on": edition_id})).json()["items"]
        assert row["action"] == "edition.preview_segment"


async def test_the_hosts_are_those_a_session_names_or_else_its_activitys(service: Running) -> None:
    runs, speaks, named = (str(new_id()) for _ in range(3))
    async with service.as_(Role.ORGANISER) as mai:
        planned = await made(mai, "/v1/editions", edition())
        talk = {"title": {"vi": "Tọa đàm"}, "kind": "talk", "hosts": [runs], "speakers": [speaks]}
        activity = await made(mai, f"/v1/editions/{planned['id']}/activities", talk)
        sessions = [
            await made(
                mai,
                f"/v1/activities/{activity['id']}/sessions",
                session(await venue(service), hosts=hosts),
            )
            for hosts in ([], [named])
        ]
        for one, people in zip(sessions, ({runs, speaks}, {named}), strict=True):
            segment = {"hosts": True, "session_id": one["id"]}
            path = f"/v1/editions/{planned['id']}/segments/preview"
            assert set((await made(mai, path, {"segment": segment}))["people"]) == people
