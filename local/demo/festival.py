"""A festival day: released, rushed for, moved, let in, also where the network is down."""

import email.message
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from icalendar import Calendar

from local.demo.hours import next_start
from local.demo.telling import Story
from local.people import Person, await_mail, await_sms, mails_to, wait_for
from shared.clock import local, now

A_DAY = 24 * 60  # minutes
SEATS, CONTENDERS = 12, 36
AT_ONCE = 12
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng")
GIVEN = ("Minh Đức", "Thuỳ Dương", "Bảo Ngọc", "Quỳnh Như", "Đình Khôi", "Hải Yến")


class Day:
    """The edition that is played, and who plays."""

    def __init__(self, story: Story, staff: dict[str, Person]) -> None:
        self.story = story
        self.organiser, self.gate = staff["organiser"], staff["gate"]
        self.starts = next_start(now())
        venues = {v["slug"]: v["id"] for v in self.organiser.get("events", "/v1/venues")}
        self.venue = venues["nha-may-xe-lua-gia-lam"]  # open from 8 to 22 every day
        self.edition = self.do(
            "/v1/editions",
            {
                "slug": f"ngay-hoi-{story.tag}",
                "name": {"vi": f"Ngày hội Thiết kế {story.tag}", "en": "Design day"},
                "starts_on": (local(now()) - timedelta(days=1)).date().isoformat(),
                "ends_on": (local(now()) + timedelta(days=1)).date().isoformat(),
            },
        )["id"]
        self.path = f"/v1/editions/{self.edition}"
        self.do(f"{self.path}/announcement")

    def do(self, path: str, body: Any = None) -> Any:
        return self.organiser.post("events", path, body)

    def session(self, vi: str, en: str, capacity: int, **facts: Any) -> str:
        kind = {"title": {"vi": vi, "en": en}, "kind": "workshop"}
        activity = self.do(f"{self.path}/activities", kind)
        body = {
            "venue_id": self.venue,
            "starts_at": self.starts.isoformat(),
            "ends_at": (self.starts + timedelta(hours=2)).isoformat(),
            "capacity": capacity,
            "opens_at": (now() - timedelta(minutes=1)).isoformat(),
            "closes_at": self.starts.isoformat(),
        }
        planned = self.do(f"/v1/activities/{activity['id']}/sessions", body | facts)
        return str(planned["id"])

    def scan(self, gate: str, ticket: str, device: str) -> dict[str, Any]:
        scan = {"nonce": str(uuid4()), "ticket": ticket, "at": now().isoformat(), "device": device}
        answer = self.gate.post("events", f"/v1/gates/{gate}/scans", {"scans": [scan]})
        found: dict[str, Any] = answer["results"][0]
        return found

    def release(self, notes: str) -> dict[str, Any]:
        made: dict[str, Any] = self.do(f"{self.path}/releases", {"notes": {"vi": notes}})
        return made


def festival_day(day: Day) -> None:
    story = day.story
    story.step("Release 1 of the day's schedule")
    host, other = story.person("nguoidan"), story.person("khachkhac")
    woodcut = day.session(
        f"Xưởng in khắc gỗ Đông Hồ {story.tag}", "Woodcut", SEATS, hosts=[host.id]
    )
    lights = day.session(f"Kể chuyện bằng ánh sáng {story.tag}", "Told with light", 50)
    released = day.release("Lịch đầu tiên")
    story.expect(
        (released["number"], released["counts"]["new"]) == (1, 2),
        "two sessions are public; the schedule is there as JSON, XML, a page and calendars",
    )
    await_mail(story.layout, host.email, "lịch mới")
    story.saw("the host has heard of it")
    other.post("events", f"/v1/sessions/{lights}/registrations")
    people = _rush(day, woodcut)
    people = _give_up(day, people)
    _move(day, woodcut, host, other, people)
    _gates(day, woodcut, [person for person, got in people if got["status"] == "confirmed"])


Rushed = list[tuple[Person, dict[str, Any]]]


def _rush(day: Day, session: str) -> Rushed:
    story = day.story
    story.step(f"The rush: {CONTENDERS} people for {SEATS} seats, {AT_ONCE} at a time")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        people = list(pool.map(lambda number: _contender(story, number), range(CONTENDERS)))
        path = f"/v1/sessions/{session}/registrations"
        got = list(pool.map(lambda person: person.post("events", path), people))
    confirmed = [one for one in got if one["status"] == "confirmed"]
    numbers = sorted(one["number"] for one in got if one["status"] == "waiting")
    story.expect(len(confirmed) == SEATS, f"exactly {SEATS} confirmed")
    story.expect(
        numbers == list(range(1, CONTENDERS - SEATS + 1)), f"the line runs from 1 to {numbers[-1]}"
    )
    return list(zip(people, got, strict=True))


def _contender(story: Story, number: int) -> Person:
    person = story.person(f"khach{number}")
    name = f"{SURNAMES[number % 6]} {GIVEN[number // 6]}"
    contact = {"name": name, "phone": f"09120{number:05}", "language": "vi"}
    person.put("registry", "/v1/me", contact)
    return person


def _give_up(day: Day, people: Rushed) -> Rushed:
    story = day.story
    story.step("One gives up a place; the first in line has it at once")
    leaver = next(pair for pair in people if pair[1]["status"] == "confirmed")
    first = min(
        (pair for pair in people if pair[1]["status"] == "waiting"), key=lambda p: p[1]["number"]
    )
    leaver[0].post("events", f"/v1/registrations/{leaver[1]['id']}/cancellation")
    promoted = first[0].get("events", f"/v1/registrations/{first[1]['id']}")
    story.expect(promoted["status"] == "confirmed", "number 1 was promoted")
    mail = await_mail(story.layout, first[0].email, "vé của bạn")
    text = mail.get_body(("plain",))
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    story.expect(
        text is not None and "danh sách chờ" in text.get_content() and len(pictures) == 1,
        f"the ticket mail is in Vietnamese, with a QR code; its trace id is {mail['X-Trace-ID']}",
    )
    number = people.index(first)
    sms = await_sms(story.layout, f"+849120{number:05}", "Xưởng in khắc gỗ")
    story.saw(f"SMS in {sms['parts']} parts: {sms['text']}")
    paper = first[0].download("events", f"/v1/registrations/{first[1]['id']}/ticket.pdf")
    story.expect(paper.startswith(b"%PDF"), f"the ticket as PDF, {len(paper) // 1024} KiB")
    return [
        (person, person.get("events", f"/v1/registrations/{got['id']}")) for person, got in people
    ]


def _move(day: Day, session: str, host: Person, other: Person, people: Rushed) -> None:
    story = day.story
    story.step("The workshop moves by an hour; release 2 says so, and only those affected hear")
    path = f"/v1/sessions/{session}"
    draft = day.organiser.edit("events", path, _an_hour_later)["draft"]
    seen = other.get("events", path)["facts"]["starts_at"]
    story.expect(seen < draft["starts_at"], "a draft: the public sees the old time")
    released = day.release("Vì trời mưa")
    story.expect(
        (released["number"], released["counts"]["moved"]) == (2, 1), "release 2: one session moved"
    )
    affected = [person for person, got in people if got["status"] != "cancelled"] + [host]
    for person in affected:
        mail = await_mail(story.layout, person.email, "đổi lịch")
    story.saw(f"{len(affected)} people have mail: holders, those in line, the host")
    calendar = Calendar.from_ical(_attached(mail, "text/calendar"))
    assert isinstance(calendar, Calendar)  # noqa: S101 - one calendar a file
    [entry] = calendar.events
    story.expect(entry["SEQUENCE"] == 2, f"with a calendar entry that moves: {entry.start:%H:%M}")
    wait_for(lambda: _told(day), "the release to be told")
    spared = [other, *(person for person, got in people if got["status"] == "cancelled")]
    heard = [
        mail["Subject"]
        for person in spared
        for mail in mails_to(story.layout, person.email)
        if "đổi lịch" in mail["Subject"].lower()
    ]
    story.expect(heard == [], "whoever holds another session, or gave up, has not")


def _an_hour_later(session: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = session["facts"]
    for name in ("starts_at", "ends_at"):
        facts[name] = (datetime.fromisoformat(facts[name]) + timedelta(hours=1)).isoformat()
    return facts


def _told(day: Day) -> bool:
    return bool(day.organiser.get("events", f"{day.path}/releases")[0]["told_at"])


def _attached(mail: email.message.EmailMessage, kind: str) -> bytes:
    [part] = [part for part in mail.walk() if part.get_content_type() == kind]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)  # noqa: S101 - a leaf's payload is bytes
    return content


def _gates(day: Day, session: str, holders: list[Person]) -> None:
    story = day.story
    story.step("Two gates; one of them has lost the network")
    gates = [
        day.organiser.post(
            "events",
            f"{day.path}/gates",
            {"name": name, "sessions": [session], "opens_before": A_DAY},
        )["id"]
        for name in ("Cổng Bà Triệu", "Cổng sau")
    ]
    tickets = [_ticket(holder, session) for holder in holders[:3]]
    taken = day.gate.get("events", f"/v1/gates/{gates[1]}/tickets")["items"]
    story.saw(f"the second gate took a list of {len(taken)} tickets along, and the keys")
    first = day.scan(gates[0], tickets[0], "cong-1")
    story.expect(first["answer"] == "admitted", "gate 1 lets the first holder in")
    again = day.scan(gates[0], tickets[0], "cong-1")
    story.expect(again["answer"] == "already_in", "the same ticket again: already in")
    earlier = (now() - timedelta(minutes=5)).isoformat()
    late = [
        {"nonce": str(uuid4()), "ticket": ticket, "at": earlier, "device": "cong-2", "told": told}
        for ticket, told in ((tickets[1], "admitted"), (tickets[2], "admitted"))
    ]
    late.append(late[0] | {"nonce": str(uuid4()), "at": now().isoformat()})
    path = f"/v1/gates/{gates[1]}/scans"
    results = day.gate.post("events", path, {"scans": late[::-1]})["results"]
    story.expect(
        sorted(one["answer"] for one in results) == ["admitted", "admitted", "already_in"],
        "gate 2's scans arrive late and out of order, and count as of when they happened",
    )
    once_more = day.gate.post("events", path, {"scans": late})["results"]
    story.expect(len(once_more) == 3, "sent once more, they change nothing")
    conflicts = day.gate.get("events", f"/v1/sessions/{session}/conflicts")
    story.expect(
        len(conflicts) == 1, "one conflict is shown: offline, gate 2 let a ticket in twice"
    )
    inside = day.gate.get("events", f"/v1/sessions/{session}/occupancy")
    story.expect(inside["inside"] == 3, "three are inside")
    forged = {"ticket": tickets[0][:-4] + "AAAA"}
    refused = day.gate.post("events", f"/v1/sessions/{session}/admissions", forged, expect=422)
    story.expect(refused["code"] == "ticket.invalid", f"a forged one never: {refused['title']}")


def _ticket(holder: Person, session: str) -> str:
    mine = holder.get("events", "/v1/registrations")["items"]
    [got] = [one for one in mine if one["bookable_id"] == session]
    return str(holder.get("events", f"/v1/registrations/{got['id']}/ticket")["ticket"])
