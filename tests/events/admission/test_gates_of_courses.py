"""Courses at the gate: sessions that are called off, late and repeated scans, the way out."""

from datetime import timedelta

from services.events.settings import Settings
from shared.roles import Role
from tests.events.admission.test_gates_api import a_scan, sent, ticket
from tests.events.courses.sample_courses import enrolled, published_course, school
from tests.events.programme.sample_programme import made, session, venue
from tests.helping.clock import clock_of

WHY = {"reason": {"vi": "Mất điện", "en": "No power"}}


async def test_scans_before_a_session_was_called_off_stay_what_they_were(
    settings: Settings,
) -> None:
    """The gate is open for both sessions; the morning's is called off when it has begun."""
    async with school(settings) as service:
        course = await published_course(service, sessions=2)
        lan, minh, hoa = await enrolled(course, 3)
        async with service.as_(Role.ORGANISER) as staff, service.as_(Role.GATE) as gate:
            about = {"name": "Cửa lớp", "sessions": course.sessions, "opens_before": 10_000}
            both = await made(staff, f"/v1/editions/{course.edition}/gates", about)
            path = f"/v1/gates/{both['id']}"
            course.to_session(0)
            in_time = course.clock.at
            scan = lan.scan(in_time, told="admitted")
            assert await sent(gate, path, scan) == ["admitted"]
            course.to_session(0, minutes=15)
            await made(staff, f"/v1/sessions/{course.sessions[0]}/cancellation", WHY)
            course.to_session(0, minutes=20)

            assert await sent(gate, path, scan) == ["admitted"], "sent again, answered the same"
            offline = minh.scan(in_time, told="admitted")
            assert await sent(gate, path, offline) == ["admitted"], "it was still held then"
            for number, inside in ((0, 2), (1, 0)):
                path_of = f"/v1/sessions/{course.sessions[number]}"
                assert (await gate.get(f"{path_of}/occupancy")).json()["inside"] == inside
                assert (await gate.get(f"{path_of}/conflicts")).json() == []
            door = f"/v1/sessions/{course.sessions[0]}/admissions"
            refused = await gate.post(door, json={"ticket": hoa.ticket})
            assert refused.json()["code"] == "ticket.cancelled"
            course.to_session(1)
            now = course.clock.at
            assert await sent(gate, path, lan.scan(now), minh.scan(now)) == ["admitted"] * 2


async def test_nobody_is_let_into_a_session_that_is_called_off(settings: Settings) -> None:
    """Also before what people had in it has been ended."""
    async with school(settings) as service:
        course = await published_course(service)  # an edition to plan in
        async with service.as_(Role.ORGANISER) as staff, service.as_(Role.GATE) as gate:
            talk = {"title": {"vi": "Tọa đàm"}, "kind": "talk"}
            activity = await made(staff, f"/v1/editions/{course.edition}/activities", talk)
            body = session(await venue(service), capacity=9)
            key = (await made(staff, f"/v1/activities/{activity['id']}/sessions", body))["id"]
            await made(staff, f"/v1/sessions/{key}/publication")
            mine = await ticket(service.as_(), key)
            clock_of(service).forward(minutes=5)
            await made(staff, f"/v1/sessions/{key}/cancellation", WHY)
            clock_of(service).forward(minutes=5)
            door = f"/v1/sessions/{key}/admissions"
            refused = await gate.post(door, json={"ticket": mine["ticket"]})
            assert refused.json()["code"] == "ticket.cancelled"
            gates = {"name": "Cổng", "sessions": [key]}
            made_ = await made(staff, f"/v1/editions/{course.edition}/gates", gates)
            listed = (await gate.get(f"/v1/gates/{made_['id']}/tickets")).json()
            assert listed["items"] == [], "no gate takes it along"
            before = clock_of(service).at - timedelta(minutes=8)
            scan = a_scan(mine, before, told="admitted")
            assert await sent(gate, f"/v1/gates/{made_['id']}", scan) == ["admitted"]


async def test_whoever_leaves_late_has_left_the_session_they_were_in(settings: Settings) -> None:
    """The gate is open for the next session when the last ones come out of the first."""
    async with school(settings) as service:
        course = await published_course(service, sessions=2)
        lan, minh = await enrolled(course, 2)
        async with service.as_(Role.ORGANISER) as staff, service.as_(Role.GATE) as gate:
            about = {
                "name": "Cửa lớp",
                "sessions": course.sessions,
                "opens_before": 10_000,
                "re_entry": "after_exit",
            }
            both = await made(staff, f"/v1/editions/{course.edition}/gates", about)
            path = f"/v1/gates/{both['id']}"
            course.to_session(0)
            came = course.clock.at
            assert await sent(gate, path, lan.scan(came)) == ["admitted"]
            course.to_session(0, minutes=125)
            over = course.clock.at
            assert await sent(gate, path, lan.scan(over, way="out")) == ["left"]
            offline = [
                minh.scan(over, way="out", told="left"),
                minh.scan(came, told="admitted"),
            ]
            assert await sent(gate, path, *offline) == ["left", "admitted"]
            at_first = (await gate.get(f"/v1/sessions/{course.sessions[0]}/occupancy")).json()
            assert at_first == {"inside": 0, "admitted": 2}
            course.to_session(1)
            now = course.clock.at
            for way, answer in (("in", "admitted"), ("out", "left"), ("in", "admitted")):
                assert await sent(gate, path, lan.scan(now, way=way)) == [answer]
            at_second = (await gate.get(f"/v1/sessions/{course.sessions[1]}/occupancy")).json()
            assert at_second == {"inside": 1, "admitted": 1}
