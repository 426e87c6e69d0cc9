"""Who was at which session of a course: by late scans and by signed sheets."""

from services.events.settings import Settings
from shared.roles import Role
from shared.testing.running import Running
from tests.events.admission.test_gates_api import sent
from tests.events.courses.sample_courses import enrolled, published_course, school
from tests.events.programme.sample_programme import made, published_session


async def test_a_sheet_is_corrected_and_what_it_said_before_is_kept(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        lan, minh = await enrolled(course, 2)
        course.to_session(0)
        assert (await course.sheet(0, "Biên bản 1", present=[lan.id, minh.id])).status_code == 201
        assert (await course.sheet(0, "Ký thay, biên bản 1b", absent=[minh.id])).status_code == 201
        async with service.as_(Role.GATE) as gate:
            late = minh.scan(course.clock.at, told="admitted")
            assert await sent(gate, await course.gate(0), late) == ["admitted"]
        first = (await course.standings())[minh.id]["sessions"][0]
        assert (first["present"], first["admitted_at"] is not None) == (False, True)
        assert [(one["present"], one["reference"]) for one in first["marks"]] == [
            (True, "Biên bản 1"),
            (False, "Ký thay, biên bản 1b"),
        ]
        assert all(one["by"] for one in first["marks"])
        own = (await minh.client.get(f"/v1/registrations/{minh.id}/attendance")).json()
        assert own["sessions"][0]["marks"][1]["reference"] == "Ký thay, biên bản 1b"
        assert own["sessions"][0]["marks"][1]["by"] is None, "who wrote it is for the organisers"
        stranger = await lan.client.get(f"/v1/registrations/{minh.id}/attendance")
        assert stranger.json()["code"] == "registration.unknown"
        trail = await service.platform.mongo.collection("audit").find().to_list(None)
        reasons = [row["reason"] for row in trail if row["action"] == "course.record"]
        assert reasons == ["Biên bản 1", "Ký thay, biên bản 1b"]


async def test_a_sheet_sent_twice_under_one_key_is_recorded_once(settings: Settings) -> None:
    async with school(settings) as service:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        body = {"session_id": course.sessions[0], "reference": "Số 1", "present": [lan.id]}
        async with service.as_(Role.ORGANISER) as organiser:
            for _ in range(2):
                key = {"Idempotency-Key": "sheet-1"}
                answer = await organiser.post(f"{course.path}/sheets", json=body, headers=key)
                assert answer.status_code == 201
        assert len((await course.standings())[lan.id]["sessions"][0]["marks"]) == 1


async def test_a_sheet_names_only_this_courses_sessions_and_people(settings: Settings) -> None:
    async with school(settings) as service:
        course, other = await published_course(service), await published_course(service)
        [lan], [stranger] = await enrolled(course, 1), await enrolled(other, 1)
        foreign = await course.sheet(0, "Số 1", present=[lan.id, stranger.id])
        assert foreign.json()["code"] == "course.not_enrolled"
        assert (await course.standings())[lan.id]["attended"] == 0, "all of a sheet or nothing"
        assert (await course.sheet(0, "Số 1", present=[lan.id, lan.id])).status_code == 422
        assert (await course.sheet(0, "Số 1")).status_code == 422
        course.sessions = other.sessions
        elsewhere = await course.sheet(0, "Số 1", present=[lan.id])
        assert elsewhere.json()["code"] == "course.session_elsewhere"


async def test_who_is_in_no_course_has_no_attendance(service: Running) -> None:
    key = await published_session(service)
    async with service.as_() as lan:
        mine = await made(lan, f"/v1/sessions/{key}/registrations")
        answer = await lan.get(f"/v1/registrations/{mine['id']}/attendance")
    assert answer.json()["code"] == "course.unknown"


async def test_a_scan_sent_again_next_week_is_still_last_weeks(settings: Settings) -> None:
    async with school(settings) as service, service.as_(Role.GATE) as gate:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        door = await course.gate(0, 1, 2)
        course.to_session(0)
        scan = lan.scan(course.clock.at)
        assert await sent(gate, door, scan) == ["admitted"]
        course.to_session(1)
        assert await sent(gate, door, scan) == ["admitted"], "the answer was lost on its way"
        assert (await course.standings())[lan.id]["attended"] == 1
        assert await sent(gate, door, lan.scan(course.clock.at)) == ["admitted"]
        async with service.as_(Role.ORGANISER) as organiser:
            trace = (await organiser.get(f"/v1/registrations/{lan.id}/scans")).json()
        assert [one["answer"] for one in trace] == ["admitted", "admitted"]


async def test_a_late_scan_of_an_earlier_session_brings_the_first_admission_forward(
    settings: Settings,
) -> None:
    async with school(settings) as service, service.as_(Role.GATE) as gate:
        course = await published_course(service)
        [lan] = await enrolled(course, 1)
        door = await course.gate(0, 1, 2)
        course.to_session(1)
        assert await sent(gate, door, lan.scan(course.clock.at)) == ["admitted"]
        late = lan.scan(course.starts[0], told="admitted")
        assert await sent(gate, door, late) == ["admitted"]
        read = (await lan.client.get(f"/v1/registrations/{lan.id}")).json()
        assert read["admitted_at"] == course.starts[0].isoformat().replace("+00:00", "Z")
        assert (await course.standings())[lan.id]["attended"] == 2
