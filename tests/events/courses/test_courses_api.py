"""Enrolling in a course over HTTP; its ticket at its gates; attendance by sheet."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from pydantic import SecretStr

from services.events.settings import Settings
from shared.contracts.events import CoursePublished
from shared.ids import new_id
from shared.process import ALL_ROLES
from shared.roles import Role
from shared.testing.waiting import eventually
from tests.events.admission.test_gates_api import sent
from tests.events.admission.test_tickets import text_of
from tests.events.courses.sample_courses import Learner, enrolled, published_course, school
from tests.events.festival import Festival
from tests.events.programme.sample_programme import edition, made, session, venue
from tests.helping.told import told


async def test_a_course_is_enrolled_in_as_a_whole_and_once(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, capacity=2)
        lan = Learner(service)
        mine = await lan.enrol(course)
        assert (mine["bookable_id"], mine["status"], mine["size"]) == (course.id, "confirmed", 1)
        again = await lan.client.post(f"{course.path}/enrolments")
        assert again.json()["code"] == "registration.exists"
        minh = service.as_()
        # Not one session alone, and not for three people, by whichever door.
        alone = f"/v1/sessions/{course.sessions[0]}/registrations"
        assert (await minh.post(alone)).status_code == 404
        several = await minh.post(f"/v1/sessions/{course.id}/registrations", json={"size": 3})
        assert several.json()["code"] == "registration.group_too_large"
        larger = await lan.client.put(f"/v1/registrations/{lan.id}/size", json={"size": 2})
        assert larger.json()["code"] == "registration.group_too_large"
        for of in (course.id, course.sessions[2]):
            left = (await minh.get(f"/v1/sessions/{of}/availability")).json()
            assert left == {"capacity": 2, "taken": 1, "waiting": 0}


async def test_more_places_go_to_those_in_line(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, capacity=1)
        await enrolled(course, 1)
        yen = Learner(service)
        assert (await yen.enrol(course))["status"] == "waiting"
        async with service.as_(Role.ORGANISER) as organiser:
            found = await organiser.get(course.path)
            body = found.json()["facts"] | {"capacity": 2}
            assert (await organiser.put(course.path, json=body)).status_code == 428
            seen = {"If-Match": found.headers["etag"]}
            assert (await organiser.put(course.path, json=body, headers=seen)).is_success
            assert (await organiser.put(course.path, json=body, headers=seen)).status_code == 412
            fresh = {"If-Match": (await organiser.get(course.path)).headers["etag"]}
            wide = body | {"capacity": 31}
            refused = await organiser.put(course.path, json=wide, headers=fresh)
            assert refused.json()["code"] == "course.over_session_capacity"
        await yen.show()
        assert yen.ticket


async def test_thirty_at_once_for_five_places(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, capacity=5)
        learners = [Learner(service) for _ in range(30)]
        answers = await asyncio.gather(*(one.enrol(course) for one in learners))
        assert [one["status"] for one in answers].count("confirmed") == 5
        assert sorted(one["number"] for one in answers if one["number"]) == [*range(1, 26)]


async def test_enrolment_opens_and_closes(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        lan = service.as_()
        for ahead, code in ((-10, "registration.not_open"), (3, "registration.closed")):
            course.clock.forward(days=ahead)
            assert (await lan.post(f"{course.path}/enrolments")).json()["code"] == code
            course.clock.forward(days=-ahead)
        assert (await lan.post(f"{course.path}/enrolments")).status_code == 201


async def test_only_an_activity_of_that_kind_with_published_sessions_becomes_a_course(
    settings: Settings,
) -> None:
    async with school(settings) as service, service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition())
        activities = f"/v1/editions/{planned['id']}/activities"
        title = {"vi": "Khắc gỗ"}
        talk = await made(organiser, activities, {"title": title, "kind": "talk"})
        facts = {
            "trainers": [str(new_id())], "capacity": 9,
            "opens_at": "2026-11-01T00:00:00Z", "closes_at": "2026-11-02T00:00:00Z",
        }  # fmt: skip

        async def becomes(activity: dict[str, Any]) -> httpx.Response:
            return await organiser.post(f"/v1/activities/{activity['id']}/course", json=facts)

        assert (await becomes(talk)).json()["code"] == "course.activity_kind"
        assert (await becomes({"id": new_id()})).json()["code"] == "activity.unknown"
        made_one = await made(organiser, activities, {"title": title, "kind": "course"})
        assert (await becomes(made_one)).status_code == 201
        assert (await becomes(made_one)).json()["code"] == "course.exists"
        path = f"/v1/courses/{made_one['id']}"
        nothing_yet = await organiser.post(f"{path}/publication")
        assert nothing_yet.json()["code"] == "course.no_sessions"
        async with service.as_() as lan:
            for answer in (await lan.get(path), await lan.post(f"{path}/enrolments")):
                assert answer.json()["code"] == "course.unknown", "planned ones are not public"
            listed = f"/v1/editions/{planned['id']}/courses"
            assert (await lan.get(listed)).json()["items"] == []
            assert len((await organiser.get(listed)).json()["items"]) == 1
        # What was planned as a talk has sessions of its own.
        day = session(await venue(service))
        await made(organiser, f"/v1/activities/{talk['id']}/sessions", day)
        seen = {"If-Match": (await organiser.get(f"/v1/activities/{talk['id']}")).headers["etag"]}
        await organiser.put(
            f"/v1/activities/{talk['id']}", json={"title": title, "kind": "course"}, headers=seen
        )
        assert (await becomes(talk)).json()["code"] == "course.activity_kind"


async def test_the_ticket_and_the_calendar_show_every_session(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        paper = await lan.client.get(f"/v1/registrations/{lan.id}/ticket.pdf")
        said = text_of(paper.content)
        for starts in course.starts:
            assert f"{starts + timedelta(hours=7):%d/%m/%Y}" in said
        async with service.anonymous() as phone:
            address = (await lan.client.post(f"/v1/registrations/{lan.id}/pass")).json()["path"]
            assert (await phone.get(address)).text.count("<br>") == len(course.starts)
            feed = (await lan.client.post("/v1/me/calendar")).json()["path"]
            assert (await phone.get(feed)).text.count("BEGIN:VEVENT") == len(course.starts)


async def test_a_gate_knows_a_courses_tickets(settings: Settings) -> None:
    async with school(settings) as service, service.as_(Role.GATE) as gate:
        course, other = await published_course(service), await published_course(service)
        lan, minh = await enrolled(course, 2)
        [stranger] = await enrolled(other, 1)
        door, elsewhere = await course.gate(1), await other.gate(0, 1)
        for path, mine in ((door, [lan.id, minh.id]), (elsewhere, [stranger.id])):
            listed = (await gate.get(f"{path}/tickets")).json()["items"]
            assert sorted(one["registration_id"] for one in listed) == sorted(mine)
        course.to_session(1)
        at = course.clock.at
        assert await sent(gate, door, stranger.scan(at)) == ["wrong_session"]
        assert await sent(gate, elsewhere, lan.scan(at)) == ["wrong_session"]
        assert await sent(gate, door, lan.scan(at)) == ["admitted"]
        inside = (await gate.get(f"{door}/tickets")).json()["items"]
        assert {one["registration_id"]: one["inside"] for one in inside} == {
            lan.id: True,
            minh.id: False,
        }
        # The plain door of the third session: two weeks on, a new day.
        course.to_session(2)
        plain = f"/v1/sessions/{course.sessions[2]}/admissions"
        assert (await gate.post(plain, json={"ticket": lan.ticket})).status_code == 201
        again = await gate.post(plain, json={"ticket": lan.ticket})
        assert again.json()["code"] == "ticket.already_in"
        assert (await course.standings())[lan.id]["attended"] == 2


async def test_others_hear_when_a_course_begins_later_because_its_session_does(
    settings: Settings, amqp_url: str
) -> None:
    on_the_bus = settings.model_copy(update={"amqp_url": SecretStr(amqp_url)})
    async with school(on_the_bus, roles=ALL_ROLES) as service:
        course = await published_course(service)
        async with service.as_(Role.ORGANISER) as organiser:
            festival = Festival(service, organiser, course.edition, course.id)
            await festival.move(course.sessions[0], hours=1)
            await festival.release()

        async def both() -> list[CoursePublished]:
            found = await told(service.platform.mongo, CoursePublished)
            return found if len(found) > 1 else []

        first, second = await eventually(both, "the course told of again")
        later = course.starts[0] + timedelta(hours=1)
        assert (first.starts_at, second.starts_at) == (course.starts[0], later)
        assert first.ends_at == second.ends_at


async def test_who_is_enrolled_hears_of_a_session_moved_and_of_one_cancelled(
    settings: Settings,
) -> None:
    async with school(settings) as service, service.as_(Role.ORGANISER) as organiser:
        trainer = str(new_id())
        course = await published_course(service, trainers=[trainer])
        other = await published_course(service)
        [lan], _ = await enrolled(course, 1), await enrolled(other, 1)
        festival = Festival(service, organiser, course.edition, course.id)
        await festival.move(course.sessions[1], hours=1)
        await festival.release()
        of_lan, of_trainer = sorted(
            await festival.notify(), key=lambda one: one.person_id != lan.person
        )
        assert (of_lan.person_id, str(of_trainer.person_id)) == (lan.person, trainer)
        for notice, role in ((of_lan, "holder"), (of_trainer, "host")):
            [change] = notice.sessions
            assert (str(change.session_id), change.role) == (course.sessions[1], role)
        off = {"reason": {"vi": "Bão số 12"}}
        await made(organiser, f"/v1/sessions/{course.sessions[2]}/cancellation", off)
        notices = (await festival.notify())[2:]
        assert {str(one.person_id) for one in notices} == {str(lan.person), trainer}
        assert {one.sessions[0].after for one in notices} == {None}
        await festival.end()
        mine = (await lan.client.get(f"/v1/registrations/{lan.id}")).json()
        assert mine["status"] == "confirmed", "two sessions are still held"
        assert len((await course.standings())[lan.id]["sessions"]) == 2


async def test_a_course_of_which_nothing_is_held_any_more_lets_nobody_in(
    settings: Settings,
) -> None:
    async with school(settings) as service, service.as_(Role.GATE) as gate:
        course, other = await published_course(service), await published_course(service)
        [lan], [minh] = await enrolled(course, 1), await enrolled(other, 1)
        door = await course.gate(0)
        called_off = {"$set": {"cancelled": {"at": course.clock.at, "reason": {"vi": "Bão"}}}}
        sessions = service.platform.mongo.collection("sessions")
        await sessions.update_many({"activity_id": UUID(course.id)}, called_off)
        course.to_session(0)
        scans = [who.scan(course.clock.at) for who in (lan, minh)]
        assert await sent(gate, door, *scans) == ["cancelled", "wrong_session"]
        paper = await lan.client.get(f"/v1/registrations/{lan.id}/ticket.pdf")
        assert paper.json()["code"] == "session.unknown"
