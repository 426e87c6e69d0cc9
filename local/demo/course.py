"""A course of two sessions, from enrolment to a certificate that anybody can verify."""

import io
import re
from datetime import datetime, timedelta

from pypdf import PdfReader

from local.demo.festival import A_DAY, Day
from local.demo.hours import yesterday
from local.people import Person, await_mail
from shared.clock import now

LASTS = timedelta(hours=2)  # each session


def course(day: Day) -> None:
    story = day.story
    story.step("A course: two sessions, one ticket, a certificate at the end")
    kind = {
        "title": {"vi": f"Thiết kế chữ Việt {story.tag}", "en": "Vietnamese type design"},
        "kind": "course",
    }
    course_id = day.do(f"{day.path}/activities", kind)["id"]
    # Both were yesterday, so that nobody has to wait until the course is over.
    starts = [yesterday(now(), hour) for hour in (9, 14)]
    sessions = [_session(day, course_id, start) for start in starts]
    trainer, learner = story.person("giangvien"), story.person("hocvien")
    terms = {
        "trainers": [trainer.id],
        "capacity": 10,
        "opens_at": (now() - timedelta(minutes=1)).isoformat(),
        "closes_at": (now() + timedelta(hours=1)).isoformat(),
        "minimum_percent": 100,
    }
    day.do(f"/v1/activities/{course_id}/course", terms)
    early = day.organiser.post("events", f"/v1/courses/{course_id}/certificates", expect=409)
    story.expect(early["code"] == "course.not_over", f"no certificate yet: {early['title']}")
    day.release("Khoá học mới")
    day.do(f"/v1/courses/{course_id}/publication")
    mine = learner.post("events", f"/v1/courses/{course_id}/enrolments")
    story.expect(mine["status"] == "confirmed", "enrolled in the whole course")
    ticket = learner.get("events", f"/v1/registrations/{mine['id']}/ticket")["ticket"]
    gate = {"name": "Cửa lớp", "sessions": sessions[:1], "closes_after": 2 * A_DAY}
    gate_id = day.do(f"{day.path}/gates", gate)["id"]
    scanned = day.scan(gate_id, ticket, "lop-1")
    story.expect(scanned["answer"] == "admitted", "session 1: scanned at the door")
    sheet = {"session_id": sessions[1], "reference": "Biên bản số 2", "present": [mine["id"]]}
    day.do(f"/v1/courses/{course_id}/sheets", sheet)
    story.saw("session 2: from a signed sheet")
    issued = day.do(f"/v1/courses/{course_id}/certificates")["certificates"]
    again = day.do(f"/v1/courses/{course_id}/certificates")["certificates"]
    story.expect(
        len(issued) == 1 and [one["number"] for one in again] == [issued[0]["number"]],
        f"certificate {issued[0]['number']} is issued, once however often it is asked for",
    )
    _verify(day, learner, issued[0]["number"])


def _session(day: Day, course_id: str, starts: datetime) -> str:
    body = {
        "venue_id": day.venue,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + LASTS).isoformat(),
        "capacity": 10,
        "opens_at": (starts - timedelta(days=1)).isoformat(),
        "closes_at": starts.isoformat(),
    }
    return str(day.do(f"/v1/activities/{course_id}/sessions", body)["id"])


def _verify(day: Day, learner: Person, number: str) -> None:
    story, path = day.story, f"/v1/certificates/{number}"
    await_mail(story.layout, learner.email, "chứng nhận của bạn")
    learner.put("events", f"{path}/name", {"name": "Hoàng Thị Yến"})
    paper = learner.download("events", f"{path}/certificate.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    code = re.search(r"Mã xác minh: ([A-Z0-9]{10})", text)
    story.expect(
        code is not None and "Hoàng Thị Yến" in text,
        f"printed as PDF, {len(paper) // 1024} KiB, with a number and a verification code",
    )
    anybody = Person(story.layout, "")
    bare = anybody.get("events", path)
    story.expect(
        (bare["status"], bare["name"]) == ("valid", None), "anybody sees that it is valid; no name"
    )
    known = anybody.get("events", path, code=code and code[1])
    story.expect(known["name"] == "Hoàng Thị Yến", "with the code on the paper the name is told")
