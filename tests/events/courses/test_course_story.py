"""A course from the first enrolment to the revoked certificate, over HTTP."""

import re
from datetime import timedelta
from typing import Any

from services.events.courses.certificates.certificate_number import is_well_formed
from services.events.settings import Settings
from shared.contracts.events import (
    CertificateIssued,
    CertificateRevoked,
    CoursePublished,
    RegistrationAdmitted,
)
from shared.roles import Role
from tests.events.admission.test_gates_api import sent
from tests.events.admission.test_tickets import ENGLISH, text_of
from tests.events.courses.sample_courses import TITLE, Learner, enrolled, published_course, school
from tests.helping.told import told

PAGE = {"Accept": "text/html,application/xhtml+xml"}


async def test_a_course_from_enrolment_to_a_revoked_certificate(settings: Settings) -> None:
    async with school(settings) as service:
        mongo = service.platform.mongo
        course = await published_course(service, capacity=4, minimum_percent=60)
        [announced] = await told(mongo, CoursePublished)
        assert str(announced.course_id) == course.id
        assert announced.venue.vi == "Thư viện Hà Nội"

        # Four places, five people: the fifth waits until somebody gives theirs up.
        lan, minh, hoa, tuan = await enrolled(course, 4)
        yen = Learner(service)
        assert (await yen.enrol(course))["status"] == "waiting"
        await tuan.client.post(f"/v1/registrations/{tuan.id}/cancellation")
        await yen.show()
        assert yen.ticket, "the first in line has the place at once"
        assert sorted(await course.standings()) == sorted([lan.id, minh.id, hoa.id, yen.id])

        # Session 1: a gate that is on line. One ticket opens each session once.
        first, all_days = await course.gate(0), await course.gate(0, 1, 2)
        async with service.as_(Role.GATE) as gate:
            course.to_session(0)
            scans = [who.scan(course.clock.at) for who in (lan, minh, hoa)]
            assert await sent(gate, first, *scans) == ["admitted"] * 3
            assert await sent(gate, all_days, lan.scan(course.clock.at)) == ["already_in"]

            # Session 2: the gate is offline; its scans are sent two days later, and once more.
            at = course.starts[1] + timedelta(minutes=3)
            offline = [who.scan(at, told="admitted") for who in (lan, minh)]
            assert await sent(gate, first, lan.scan(at, told="admitted")) == ["too_late!"]
            course.to_session(1, minutes=2 * 24 * 60)
            before = (await course.standings())[lan.id]
            assert (before["attended"], before["reached"]) == (1, False)
            assert await sent(gate, all_days, *offline) == ["admitted"] * 2
            assert await sent(gate, all_days, *offline) == ["admitted"] * 2
            after = (await course.standings())[lan.id]
            assert (after["attended"], after["needed"], after["reached"]) == (2, 2, True)

            # Session 3: Lan and Minh at the gate.
            course.to_session(2)
            found = await sent(gate, all_days, *(w.scan(course.clock.at) for w in (lan, minh)))
            assert found == ["admitted", "admitted"]
            for number, people in enumerate((3, 2, 2)):
                path = f"/v1/sessions/{course.sessions[number]}/occupancy"
                assert (await gate.get(path)).json()["admitted"] == people
        admitted = await told(mongo, RegistrationAdmitted)
        assert sorted(str(event.person_id) for event in admitted) == sorted(
            str(who.person) for who in (lan, minh, hoa)
        ), "each is told of once, not once a session"

        # Hoa's phone was flat twice: she signed the sheet. Yến came once, by the sheet.
        await course.sheet(1, "Biên bản số 2", present=[hoa.id, yen.id])
        await course.sheet(2, "Biên bản số 3", present=[hoa.id], absent=[yen.id])
        standings = await course.standings()
        assert {key: one["attended"] for key, one in standings.items()} == {
            lan.id: 3, minh.id: 3, hoa.id: 3, yen.id: 1,
        }  # fmt: skip

        # Certificates: only once it is over, only for those who reached 60%.
        assert (await course.issue()).json()["code"] == "course.not_over"
        course.to_its_end()
        refused = await course.issue({yen.id: "Hoàng Thị Yến"})
        assert refused.json()["code"] == "certificate.not_reached"
        issued = (await course.issue({hoa.id: "Đỗ Thị Hoà"})).json()["certificates"]
        by_registration = {one["registration_id"]: one for one in issued}
        assert sorted(by_registration) == sorted([lan.id, minh.id, hoa.id])
        assert by_registration[hoa.id]["name"] == "Đỗ Thị Hoà"
        assert all(is_well_formed(one["number"]) for one in issued)
        year = course.clock.at.year
        assert [one["number"][:14] for one in issued] == [f"HN-{year}-{n:06d}" for n in (1, 2, 3)]
        assert (await course.issue()).json()["certificates"] == issued, "each once"
        assert {event.number for event in await told(mongo, CertificateIssued)} == {
            one["number"] for one in issued
        }

        number = by_registration[lan.id]["number"]
        path = f"/v1/certificates/{number}"
        [listed] = (await lan.client.get("/v1/me/certificates")).json()
        assert listed["number"] == number

        # Lan types her name; what is printed is what she typed.
        unnamed = await lan.client.get(f"{path}/certificate.pdf")
        assert unnamed.json()["code"] == "certificate.nameless"
        name = "Nguyễn Thị Ngọc Lan Ỗ ữ Đặng"
        assert (await lan.client.put(f"{path}/name", json={"name": name})).status_code == 204
        paper = await lan.client.get(f"{path}/certificate.pdf")
        said = text_of(paper.content)
        for part in (name, TITLE["vi"], number, "Tham dự 3 trên 3 buổi", "Chứng nhận"):
            assert part in said, part
        code = re.search(r"Mã xác minh: ([A-Z0-9]{10})", said)
        assert code
        english = text_of(
            (await lan.client.get(f"{path}/certificate.pdf", headers=ENGLISH)).content
        )
        for part in (name, TITLE["en"], "3 of 3 sessions attended", "Certificate"):
            assert part in english, part
        assert (await lan.client.get(f"{path}/certificate.pdf")).content == paper.content

        # Anybody verifies it; the name only whoever has the paper.
        async with service.anonymous() as anybody:
            bare = (await anybody.get(path)).json()
            assert (bare["status"], bare["name"]) == ("valid", None)
            assert (await anybody.get(path.lower())).json() == bare
            known = (await anybody.get(path, params={"code": code[1]})).json()
            assert known == bare | {"name": name}
            wrong = (await anybody.get(path, params={"code": "AAAAAAAAAA"})).json()
            assert wrong == bare
            page = await anybody.get(path, headers=PAGE)
            assert "Chứng nhận có hiệu lực" in page.text
            assert TITLE["vi"] in page.text
            assert "Nguyễn" not in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            with_code = await anybody.get(path, headers=PAGE | ENGLISH, params={"code": code[1]})
            assert name in with_code.text
            assert "This certificate is valid" in with_code.text

            # Mistyped, or never issued.
            mistyped = number[:-3] + ("7" if number[-3] != "7" else "8") + number[-2:]
            for wrong_number in (mistyped, "HN-1999-000001-A", "<script>alert(1)</script>"):
                nothing = await anybody.get(f"/v1/certificates/{wrong_number}", headers=PAGE)
                assert nothing.status_code == 404
                assert "<script" not in nothing.text
            assert (await anybody.get("/v1/certificates/x")).json()["code"] == "certificate.unknown"

            async with service.as_(Role.ORGANISER) as organiser:
                body = {"reason": "Người khác đi học thay"}
                assert (await organiser.post(f"{path}/revocation", json=body)).is_success
                assert (await organiser.post(f"{path}/revocation", json=body)).is_success
            gone = await anybody.get(path)
            assert gone.json()["status"] == "revoked"
            assert "thay" not in gone.text, "the reason is for the staff"
            assert "Chứng nhận đã bị thu hồi" in (await anybody.get(path, headers=PAGE)).text
        assert (await lan.client.get(f"{path}/certificate.pdf")).json()["code"] == (
            "certificate.revoked"
        )
        [revoked] = await told(mongo, CertificateRevoked)
        assert revoked.number == number
        assert len((await course.issue()).json()["certificates"]) == 3, "no second one for Lan"
        await nobody_told_a_name(mongo, name)


async def nobody_told_a_name(mongo: Any, name: str) -> None:
    for collection in ("outbox", "audit", "idempotency"):
        rows = await mongo.collection(collection).find().to_list(None)
        assert name not in str([row.get("body", b"").decode() for row in rows]), collection
        assert name not in str(rows), collection
