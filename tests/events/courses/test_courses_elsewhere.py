"""Courses where other features look at an edition: sheets, figures, segments, warnings, prices."""

import csv
import io
from functools import partial
from typing import Any

from services.events.settings import Settings
from shared.bus.subscriptions import Delivery, Reaction
from shared.contracts.base import Envelope, Event
from shared.ids import new_id
from shared.mongo import Tx
from shared.roles import Role
from shared.testing.running import Running
from tests.events.admission.test_gates_api import sent
from tests.events.courses.sample_courses import Course, Learner, enrolled, published_course, school
from tests.events.programme.sample_programme import made
from tests.helping.told import envelopes

WHY = {"reason": {"vi": "Giảng viên ốm", "en": "The trainer is ill"}}


async def sheet(client: Any, course: Course, name: str, **query: str) -> list[dict[str, str]]:
    path = f"/v1/editions/{course.edition}/exports/{name}.csv"
    answer = await client.get(path, params=query, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def preview(client: Any, course: Course, **segment: Any) -> set[str]:
    path = f"/v1/editions/{course.edition}/segments/preview"
    found = await made(client, path, {"segment": segment})
    return set(found["people"])


async def test_who_is_enrolled_stands_in_the_sheets_and_the_figures(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, capacity=2)
        lan, minh = await enrolled(course, 2)
        await Learner(service).enrol(course)  # waits
        gate = await course.gate(0, 1, 2)
        async with service.as_(Role.ORGANISER) as staff, service.as_(Role.GATE) as door:
            course.to_session(0)
            assert await sent(door, gate, lan.scan(course.clock.at)) == ["admitted"]
            rows = await sheet(staff, course, "registrations")
            assert {row["Person"] for row in rows} >= {str(lan.person), str(minh.person)}
            assert {row["Session"] for row in rows} == {course.id}
            assert {row["Title"] for row in rows} == {"Vietnamese type design"}
            one = await sheet(staff, course, "registrations", session_id=course.sessions[1])
            people = [[row["Person"] for row in found] for found in (one, rows)]
            assert people[0] == people[1], "who is enrolled is registered for each session"
            schedule = await sheet(staff, course, "schedule")
            assert [(row["Taken"], row["Waiting"]) for row in schedule] == [("2", "1")] * 3

            found = (await staff.get(f"/v1/editions/{course.edition}/statistics")).json()
            assert (
                found["total"] | {"registrations": 3, "confirmed": 2, "waiting": 1}
                == (found["total"])
            )
            assert found["total"]["shows"] == 1
            [of_course] = found["by_session"]
            assert (of_course["bookable_id"], of_course["figures"]) == (course.id, found["total"])


async def test_who_is_enrolled_is_of_the_editions_people(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, trainers=[str(trainer := new_id())])
        lan, minh = await enrolled(course, 2)
        everybody = {str(lan.person), str(minh.person)}
        gate = await course.gate(0, 1, 2)
        async with service.as_(Role.ORGANISER) as staff, service.as_(Role.GATE) as door:
            assert await preview(staff, course, are="registered") == everybody
            assert await preview(staff, course, hosts=True) == {str(trainer)}
            course.to_session(0)
            assert await sent(door, gate, lan.scan(course.clock.at)) == ["admitted"]
            first, second, _ = course.sessions
            for state, session, people in (
                ("attended", first, {str(lan.person)}),
                ("not_checked_in", first, {str(minh.person)}),
                ("attended", second, set()),
                ("not_checked_in", second, everybody),
            ):
                found = await preview(staff, course, are=state, session_id=session)
                assert found == people, (state, session)
            # Nobody has stayed away from a session that was not held.
            await made(staff, f"/v1/sessions/{second}/cancellation", WHY)
            found = await preview(staff, course, are="not_checked_in", session_id=second)
            assert found == set()


async def test_a_trainer_is_wanted_at_their_courses_sessions(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, sessions=1, trainers=[str(lan := new_id())])
        async with service.as_(Role.ORGANISER) as staff:
            path = f"/v1/editions/{course.edition}"
            talk = {"title": {"vi": "Tọa đàm"}, "kind": "talk", "speakers": [str(lan)]}
            talk = await made(staff, f"{path}/activities", talk)
            facts = (await staff.get(f"/v1/sessions/{course.sessions[0]}")).json()["facts"]
            await made(staff, f"/v1/activities/{talk['id']}/sessions", facts)
            warnings = (await staff.get(f"{path}/warnings")).json()
            assert "host_missing" not in warnings["counts"], "its trainers teach it"
            [both] = [one for one in warnings["items"] if one["code"] == "person_overlap"]
            assert both["person_id"] == str(lan)


async def test_what_a_course_costs_is_said_of_its_sessions(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, kinds=[{"fee": 500_000}], capacity=12)
        async with service.anonymous() as anyone:
            found = (await anyone.get(f"/v1/sessions/{course.sessions[0]}/event.jsonld")).json()
        assert found["isAccessibleForFree"] is False
        assert [one["price"] for one in found["offers"]] == [500_000]
        assert found["maximumAttendeeCapacity"] == 12
        assert found["remainingAttendeeCapacity"] == 12


async def test_nobody_enrols_in_a_course_that_is_not_held_any_more(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service, sessions=2)
        async with service.as_(Role.ORGANISER) as staff:
            await made(staff, f"/v1/editions/{course.edition}/cancellation", WHY)
            await redated(service, course)
            late = Learner(service)
            for path in (f"{course.path}/enrolments", f"/v1/sessions/{course.id}/registrations"):
                refused = await late.client.post(path)
                assert refused.json()["code"] == "session.cancelled", path


async def test_a_place_in_a_course_passes_on_while_it_is_held(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        code = await lan.client.put(f"/v1/registrations/{lan.id}/transfer")
        assert code.status_code == 200, code.text
        minh = service.as_()
        taken = await minh.post("/v1/transfers/acceptance", json={"code": code.json()["code"]})
        assert (taken.status_code, taken.json()["bookable_id"]) == (201, course.id)
        off = "nothing is held any more: there is nothing to pass on"
        async with service.as_(Role.ORGANISER) as staff:
            await made(staff, f"/v1/editions/{course.edition}/cancellation", WHY)
        late = await minh.put(f"/v1/registrations/{taken.json()['id']}/transfer")
        assert late.json()["code"] == "session.cancelled", off


async def redated(service: Running, course: Course) -> None:
    """Let the service hear of its own sessions, as it would from the broker."""
    mongo = service.platform.mongo
    [hears] = [q for q in service.process.service.subscriptions if q.queue == "events.courses"]
    for envelope, event in await envelopes(mongo):
        reaction = hears.reactions.get(event.type_name())
        if reaction is not None:
            react = partial(_react, reaction, event, envelope, course)
            await mongo.transaction(react)


async def _react(
    reaction: Reaction[Any], event: Event, envelope: Envelope, course: Course, tx: Tx
) -> None:
    await reaction.handle(event, Delivery(tx, envelope, course.clock.at))


async def test_what_has_sessions_stays_a_course_or_stays_none(settings: Settings) -> None:
    """Else a course's ticket would open what others have registered for by itself."""
    async with school(settings) as service:
        course = await published_course(service)
        async with service.as_(Role.ORGANISER) as staff:
            talk = {"title": {"vi": "Tọa đàm"}, "kind": "talk"}
            path = f"/v1/editions/{course.edition}/activities"
            empty, held = [(await made(staff, path, talk))["id"] for _ in range(2)]
            facts = (await staff.get(f"/v1/sessions/{course.sessions[0]}")).json()["facts"]
            await made(staff, f"/v1/activities/{held}/sessions", facts)
            for key, kind, status in (
                (course.id, "talk", 409),
                (held, "course", 409),
                (held, "workshop", 200),
                (empty, "course", 200),
                (empty, "talk", 200),
            ):
                known = await staff.get(f"/v1/activities/{key}")
                other = known.json()["facts"] | {"kind": kind}
                seen = {"If-Match": known.headers["etag"]}
                answer = await staff.put(f"/v1/activities/{key}", json=other, headers=seen)
                assert answer.status_code == status, (kind, answer.text)
                if status == 409:
                    assert answer.json()["code"] == "activity.kind_stays"


async def test_whoever_is_enrolled_has_all_sessions_in_their_calendar(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        feed = (await made(lan.client, "/v1/me/calendar"))["path"]
        async with service.as_(Role.ORGANISER) as staff, service.anonymous() as anyone:
            assert (await anyone.get(feed)).text.count("STATUS:CONFIRMED") == 3
            await made(staff, f"/v1/sessions/{course.sessions[1]}/cancellation", WHY)
            text = (await anyone.get(feed)).text
            assert (text.count("STATUS:CONFIRMED"), text.count("STATUS:CANCELLED")) == (2, 1)
            facts = (await staff.get(f"/v1/sessions/{course.sessions[0]}")).json()["facts"]
            path = f"/v1/activities/{course.id}/sessions"
            hidden = (await made(staff, path, facts | {"capacity": 31}))["id"]
            assert hidden not in (await anyone.get(feed)).text, "not public yet"
            marked = await lan.client.put(f"/v1/sessions/{hidden}/favourite")
            assert marked.json()["code"] == "session.unknown"
            await lan.client.put(f"/v1/sessions/{course.sessions[0]}/favourite")
            assert "TENTATIVE" not in (await anyone.get(feed)).text, "they hold it already"
            await made(lan.client, f"/v1/registrations/{lan.id}/cancellation")
            text = (await anyone.get(feed)).text
            assert (text.count("BEGIN:VEVENT"), text.count("STATUS:TENTATIVE")) == (1, 1)
            page = await anyone.get(
                (await made(lan.client, f"/v1/registrations/{lan.id}/pass"))["path"]
            )
            assert "đã bị huỷ" in page.text
