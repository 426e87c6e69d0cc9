"""A design competition: called, entered, judged, decided."""

from datetime import timedelta
from typing import Any

from local.demo.telling import Story
from local.people import ApiError, Person, await_mail, wait_for
from shared.clock import now


def competition(story: Story, staff: dict[str, Person]) -> None:
    story.step("A design competition: called, entered, judged, decided")
    calls, jurors = staff["calls"], (staff["juror1"], staff["juror2"])
    call = calls.post("applications", "/v1/calls", _call([juror.id for juror in jurors]))
    opened = calls.post("applications", f"/v1/calls/{call['id']}/opening")
    story.saw(f"opened; its rules are frozen under {opened['rules_hash'][:12]}…")
    student = story.person("sinhvien")
    path = f"/v1/calls/{call['id']}/entry"
    work = {"title": "Trung tâm bên sông", "statement": "Mái nhà nghiêng về phía nước. " * 5}
    student.put("applications", path, {"content": {"title": "x"}})
    refused = student.post("applications", f"{path}/submission", expect=422)
    story.saw(f"an incomplete entry is refused: {refused['errors'][0]['pointer']}")
    student.put("applications", path, {"content": work})
    entry = student.post("applications", f"{path}/submission")
    await_mail(story.layout, student.email, "đã nhận bài dự thi")
    story.saw(f"submitted; receipt {entry['receipt'][:12]}… came by e-mail")
    wait_for(lambda: _closed(calls, call["id"]), "the deadline", seconds=30)
    for juror, score in zip(jurors, (82, 90), strict=True):
        entries = juror.get("applications", f"/v1/calls/{call['id']}/entries")
        code = entries[0]["code"]
        scores = {"scores": {"idea": score, "place": score - 10}, "comment": "Ý tưởng rõ."}
        juror.put("applications", f"/v1/calls/{call['id']}/entries/{code}/score", scores)
    story.saw(f"two jurors scored entry {code}; they saw the work and a code, no name")
    ranking = calls.get("applications", f"/v1/calls/{call['id']}/ranking")
    verdict = {"awarded": [ranking[0]["code"]], "reasons": "Giải pháp phù hợp với khu đất."}
    calls.post("applications", f"/v1/calls/{call['id']}/decision", verdict)
    mine = student.get("applications", path)
    story.expect(mine["outcome"] == "awarded", f"awarded with {ranking[0]['score']} of 100")
    await_mail(story.layout, student.email, "kết quả")
    story.saw("the author has the result by e-mail")


def _closed(calls: Person, call_id: str) -> bool:
    try:
        calls.post("applications", f"/v1/calls/{call_id}/closing")
    except ApiError as error:
        if "call.deadline_ahead" in str(error):
            return False
        raise
    return True


def _call(jurors: list[str]) -> dict[str, Any]:
    return {
        "title": {
            "vi": "Cuộc thi thiết kế Trung tâm thiết kế sáng tạo",
            "en": "Design competition for the creative design centre",
        },
        "form": {
            "type": "object",
            "required": ["title", "statement"],
            "properties": {
                "title": {"type": "string", "minLength": 1},
                "statement": {"type": "string", "minLength": 50},
            },
        },
        "criteria": [
            {"key": "idea", "label": {"vi": "Ý tưởng", "en": "Idea"}, "weight": 60},
            {"key": "place", "label": {"vi": "Địa điểm", "en": "Place"}, "weight": 40},
        ],
        "jurors": jurors,
        "opens_at": (now() - timedelta(minutes=1)).isoformat(),
        "closes_at": (now() + timedelta(seconds=8)).isoformat(),
    }
