"""A registration for a course is one like any other: what holders do with it, and what is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.events.programme.sessions.queries import BookableQueries
from services.events.programme.sessions.store import Sessions
from services.events.settings import Settings
from shared.contracts.events import RegistrationConfirmed
from shared.roles import Role
from shared.testing.running import Running
from tests.events.courses.sample_courses import (
    WEEK,
    Course,
    Learner,
    enrolled,
    published_course,
    school,
)
from tests.events.programme.sample_programme import made, venue
from tests.helping.told import told

WHY = {"reason": {"vi": "Giảng viên ốm"}}


async def talk(service: Running, course: Course, **facts: Any) -> str:
    """A public session in the course's edition, by itself."""
    starts = course.starts[0] + timedelta(days=1)
    body = {
        "venue_id": str(await venue(service)),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "capacity": 5,
        "opens_at": (course.clock.at - WEEK).isoformat(),
        "closes_at": starts.isoformat(),
    } | facts
    async with service.as_(Role.ORGANISER) as staff:
        kind = {"title": {"vi": "Tọa đàm"}, "kind": "talk"}
        activity = await made(staff, f"/v1/editions/{course.edition}/activities", kind)
        session = await made(staff, f"/v1/activities/{activity['id']}/sessions", body)
        await made(staff, f"/v1/sessions/{session['id']}/publication")
    return str(session["id"])


async def test_companions_of_a_course_can_be_forgotten_though_nobody_brings_any(
    settings: Settings,
) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        path = f"/v1/registrations/{lan.id}/companions"
        assert (await lan.client.delete(path)).status_code == 204
        assert (await lan.client.put(path, json={"names": []})).json() == {"names": []}
        one = {"names": ["Trần Thị Ngọc Diễm"]}
        many = await lan.client.put(path, json=one)
        assert (many.status_code, many.json()["code"]) == (422, "registration.too_many_names")
        course.to_session(0)
        late = await lan.client.put(path, json=one)
        assert late.json()["code"] == "registration.session_begun", "the first of its sessions"
        assert (await lan.client.delete(path)).status_code == 204


async def test_one_moves_from_a_course_to_a_session_and_back(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        session, other = await talk(service, course), await published_course(service)
        [lan] = await enrolled(course, 1)
        path = f"/v1/registrations/{lan.id}/move"
        far = await lan.client.post(path, json={"bookable_id": other.id})
        assert far.json()["code"] == "registration.other_edition"
        moved = await made(lan.client, path, {"bookable_id": session})
        assert (moved["bookable_id"], moved["bookable_kind"]) == (session, "session")
        old = (await lan.client.get(f"/v1/registrations/{lan.id}")).json()
        assert (old["status"], old["bookable_kind"]) == ("cancelled", "course")
        path = f"/v1/registrations/{moved['id']}/move"
        back = await made(lan.client, path, {"bookable_id": course.id})
        assert (back["bookable_id"], back["bookable_kind"]) == (course.id, "course")


async def test_a_session_of_a_course_is_not_moved_to_alone(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        session = await talk(service, course)
        lan = service.as_()
        mine = await made(lan, f"/v1/sessions/{session}/registrations")
        part = {"bookable_id": course.sessions[1]}
        refused = await lan.post(f"/v1/registrations/{mine['id']}/move", json=part)
        assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")


async def test_others_are_told_which_kind_it_is(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        session = await talk(service, course)
        lan = Learner(service)
        await lan.enrol(course)
        await made(lan.client, f"/v1/sessions/{session}/registrations")
        heard = await told(service.platform.mongo, RegistrationConfirmed)
    assert {(str(one.bookable_id), one.bookable_kind) for one in heard} == {
        (course.id, "course"),
        (session, "session"),
    }


async def test_a_course_begins_and_ends_with_what_is_left_of_its_sessions(
    settings: Settings,
) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        bookables = BookableQueries(Sessions(service.platform.mongo, service.platform.outbox))
        hours = timedelta(hours=2)
        whole = await bookables.get(UUID(course.id))
        assert (whole.kind, len(whole.held)) == ("course", 3)
        assert str(whole.edition_id) == course.edition
        assert (whole.starts_at, whole.ends_at) == (course.starts[0], course.starts[2] + hours)
        async with service.as_(Role.ORGANISER) as staff:
            await made(staff, f"/v1/sessions/{course.sessions[0]}/cancellation", WHY)
            rest = await bookables.get(UUID(course.id))
            assert (len(rest.held), rest.starts_at) == (2, course.starts[1])
            for key in course.sessions[1:]:
                await made(staff, f"/v1/sessions/{key}/cancellation", WHY)
        off = await bookables.get(UUID(course.id))
        assert (off.held, off.starts_at) == ((), course.starts[0]), "as it was planned"
        times = await bookables.times([UUID(course.id)])
        assert times.get(UUID(course.id), {}) == {}
