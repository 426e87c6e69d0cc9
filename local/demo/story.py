"""`make demo`: the main story, live, over HTTP only. Prints each step and what it saw."""

import email.message
from datetime import timedelta
from typing import Any
from uuid import uuid4

from rich.console import Console

from local.layout import Layout
from local.people import ApiError, Person, await_mail, await_sms, wait_for
from local.sample.load import sign_in_staff
from shared.clock import now

CONTENDERS = (
    ("Nguyễn Minh Đức", "0912000001"),
    ("Trần Thị Thuỳ Dương", "0912000002"),
    ("Lê Hoàng Bảo Ngọc", "0912000003"),
    ("Phạm Quỳnh Như", "0912000004"),
    ("Vũ Đình Khôi", "0912000005"),
)
SEATS = 3


class Story:
    def __init__(self, layout: Layout, console: Console) -> None:
        self.layout = layout
        self._console = console
        self.tag = uuid4().hex[:6]  # new people every time

    def step(self, text: str) -> None:
        self._console.print(f"\n[bold]{text}[/]")

    def saw(self, text: str) -> None:
        self._console.print(f"  [green]✓[/] {text}")

    def person(self, name: str) -> Person:
        return Person(self.layout, f"{name}-{self.tag}@hanoi.example").sign_in()

    def expect(self, truth: bool, what: str) -> None:
        if not truth:
            raise ApiError(f"expected: {what}")
        self.saw(what)

    def indicators(self, anyone: Person) -> dict[str, int]:
        return {i["key"]: i["value"] for i in anyone.get("programme", "/v1/indicators")}


def run_demo(layout: Layout, console: Console) -> None:
    """Raises `ApiError` at the first thing that is not as it should be."""
    story = Story(layout, console)
    story.step("Staff sign in with one-time codes from the mail sink")
    staff = sign_in_staff(layout)
    story.saw(", ".join(sorted(staff)))
    before = story.indicators(staff["officer"])
    _designer(story, staff)
    _festival(story, staff)
    _competition(story, staff)
    _programme(story, staff, before)
    console.print(
        "\n[bold green]The whole story was played, and everything was as it should be.[/]"
    )


def _designer(story: Story, staff: dict[str, Person]) -> None:
    story.step("A designer joins the registry")
    designer = story.person("nhathietke")
    story.saw(f"signed in as {designer.email}")
    profile = {
        "display_name": f"Đường Gốm {story.tag}",
        "bio": "Gốm và ánh sáng.",
        "disciplines": ["craft", "product"],
    }
    designer.put("registry", "/v1/designers/me", profile)
    designer.post("registry", "/v1/designers/me/submission")
    await_mail(story.layout, designer.email, "đã nhận hồ sơ")
    story.saw("profile submitted; the receipt came by e-mail")
    staff["registrar"].post("registry", f"/v1/designers/{designer.id}/approval")
    found = designer.get("registry", "/v1/designers", q=f"duong gom {story.tag}")["items"]
    story.expect(
        [d["id"] for d in found] == [designer.id],
        'approved, and found in the directory by "duong gom" without diacritics',
    )


def _festival(story: Story, staff: dict[str, Person]) -> None:
    story.step(f"A session with {SEATS} seats, {len(CONTENDERS)} contenders")
    session = _session(story, staff["organiser"])
    people = []
    for number, (name, phone) in enumerate(CONTENDERS):
        person = story.person(f"khach{number}")
        person.put("registry", "/v1/me", {"name": name, "phone": phone, "language": "vi"})
        people.append(person)
    path = f"/v1/sessions/{session}/registrations"
    registered = [person.post("events", path) for person in people]
    story.expect(
        [r["status"] for r in registered] == ["confirmed"] * 3 + ["waiting"] * 2,
        "three confirmed, two waiting",
    )
    story.expect([r["number"] for r in registered[3:]] == [1, 2], "the line is numbered 1, 2")
    story.step("One gives up a place; the first in line has it at once")
    people[0].post("events", f"/v1/registrations/{registered[0]['id']}/cancellation")
    promoted = people[3].get("events", f"/v1/registrations/{registered[3]['id']}")
    story.expect(promoted["status"] == "confirmed", f"{CONTENDERS[3][0]} was promoted")
    mail = await_mail(story.layout, people[3].email, "vé của bạn")
    _read_ticket_mail(story, mail, CONTENDERS[3][0])
    text = await_sms(story.layout, f"+84{CONTENDERS[3][1][1:]}", "Xưởng in khắc gỗ")
    story.saw(f"SMS in {text['parts']} parts: {text['text']}")
    _gate(story, staff["gate"], session, people[3], registered[3]["id"])


def _session(story: Story, organiser: Person) -> str:
    venues = {v["slug"]: v["id"] for v in organiser.get("events", "/v1/venues")}
    edition = organiser.get("events", "/v1/editions/mua-toi")
    activity = organiser.post(
        "events",
        f"/v1/editions/{edition['id']}/activities",
        {
            "title": {
                "vi": f"Xưởng in khắc gỗ Đông Hồ {story.tag}",
                "en": "Đông Hồ woodcut workshop",
            },
            "kind": "workshop",
        },
    )
    begins = now() + timedelta(minutes=90)
    planned = organiser.post(
        "events",
        f"/v1/activities/{activity['id']}/sessions",
        {
            "venue_id": venues["thu-vien-ha-noi"],
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=2)).isoformat(),
            "capacity": SEATS,
            "opens_at": (now() - timedelta(minutes=1)).isoformat(),
            "closes_at": begins.isoformat(),
        },
    )
    organiser.post("events", f"/v1/sessions/{planned['id']}/publication")
    story.saw("planned and published")
    return str(planned["id"])


def _read_ticket_mail(story: Story, mail: email.message.EmailMessage, name: str) -> None:
    text = mail.get_body(("plain",))
    words = text.get_content() if text else ""
    pictures = [p for p in mail.walk() if p.get_content_type() == "image/png"]
    story.expect(name in words and "danh sách chờ" in words, "the ticket mail is in Vietnamese")
    story.expect(len(pictures) == 1, f"with a QR code; its trace id is {mail['X-Trace-ID']}")


def _gate(story: Story, gate: Person, session: str, person: Person, registration: str) -> None:
    story.step("At the gate")
    ticket = person.get("events", f"/v1/registrations/{registration}/ticket")
    path = f"/v1/sessions/{session}/admissions"
    admitted = gate.post("events", path, ticket, expect=201)
    story.expect(admitted["admitted_at"] is not None, "the ticket lets its holder in")
    refused = gate.post("events", path, ticket, expect=409)
    story.expect(refused["code"] == "ticket.already_in", f"a second time not: {refused['title']}")
    forged = gate.post("events", path, {"ticket": ticket["ticket"][:-4] + "AAAA"}, expect=422)
    story.expect(forged["code"] == "ticket.invalid", f"a forged one never: {forged['title']}")


def _competition(story: Story, staff: dict[str, Person]) -> None:
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


def _programme(story: Story, staff: dict[str, Person], before: dict[str, int]) -> None:
    story.step("The programme's indicators have moved")
    officer = staff["officer"]
    moved = {
        "designers": 1,
        "sessions": 1,
        "places": 3,  # four confirmed, one of them given up
        "visits": 1,
        "calls": 1,
        "entries": 1,
        "awards": 1,
    }

    def all_moved() -> dict[str, int] | None:
        after = story.indicators(officer)
        if all(after[key] - before[key] >= by for key, by in moved.items()):
            return after
        return None

    after = wait_for(all_moved, f"the indicators to move by {moved}")
    for key, by in moved.items():
        story.saw(f"{key}: {before[key]} → {after[key]} (+{by} by this story)")
    late = officer.get("programme", "/v1/work-items", late=True)["items"]
    for item in late:
        story.saw(f"late by {item['days_late']} days: {item['facts']['title']['vi']}")
