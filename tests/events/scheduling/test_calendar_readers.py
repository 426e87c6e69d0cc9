"""Our iCalendar and JSON-LD, read by three libraries that are not ours.

The sessions contain what is easily written wrong: long lines in Vietnamese, commas, semicolons,
backslashes, quotes, emoji, a cancelled session, and times that are on another day in UTC.
"""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream
from pyld import jsonld

from services.events.programme.editions.rules import Cancellation
from services.events.programme.sessions.rules import Session, SessionFacts
from services.events.programme.venues.state import Place
from services.events.scheduling.calendar import rules
from shared.testing.scenarios import NOON
from shared.text import Localized
from tests.helping.node import NODE, fetched

PACKAGE = "ical.js@2.1.0"
SCRIPT = Path(__file__).with_name("read_calendar.mjs")

TITLES = [
    "Xưởng giấy dó",
    "Triển lãm “Đường gốm”: Bát Tràng, Chu Đậu, Phù Lãng 🏺 – mỗi chiếc bình là một đời; ộ ợ ứ ễ ẵ",
    "Gốm, sứ; thủy tinh",
    r"Thư mục C:\\new\\nghe – “\\n” không phải xuống dòng",
    'Toạ đàm "Phố & làng": 100% thủ công = ?',
    "ữ" * 120,
    "BEGIN:VEVENT",
    "🎨" * 40,
]


class Read(NamedTuple):
    """An event as some reader understands it."""

    uid: str
    sequence: int
    summary: str
    location: str
    status: str
    starts: datetime
    ends: datetime


def session(number: int, title: str, **more: Any) -> Session:
    starts = NOON + timedelta(hours=12 * number)  # every second one begins at midnight
    facts = SessionFacts(
        venue_id=UUID(int=9),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=90),
        capacity=20,
        opens_at=NOON - timedelta(days=9),
        closes_at=starts,
    )
    return Session(
        id=UUID(int=number + 1),
        edition_id=UUID(int=7),
        activity_id=UUID(int=8),
        title=Localized(vi=title),
        place=Place(
            name=Localized(vi="Đình làng; Đông Ngạc"),
            address="Ngõ 3, tổ 5, Đông Ngạc",
            capacity=None,
        ),
        facts=facts,
        published=True,
        revision=number,
        changed_at=NOON,
        **more,
    )


SESSIONS = [
    *(session(number, title) for number, title in enumerate(TITLES)),
    session(
        len(TITLES),
        "Rước đèn",
        cancelled=Cancellation(at=NOON, reason=Localized(vi="Bão, nghỉ cả ngày")),
    ),
]
WRITTEN = rules.icalendar("Lịch; của tôi, Hà Nội", SESSIONS, "vi")
WANTED = [
    Read(
        f"{one.id}@events.creative-city",
        one.revision,
        one.title.vi,
        "Đình làng; Đông Ngạc, Ngõ 3, tổ 5, Đông Ngạc",
        "CANCELLED" if one.cancelled else "CONFIRMED",
        one.facts.starts_at,
        one.facts.ends_at,
    )
    for one in SESSIONS
]


def by_icalendar(written: bytes, _: Path) -> list[Read]:
    calendar = icalendar.Calendar.from_ical(written)
    assert isinstance(calendar, icalendar.Calendar)
    assert not calendar.errors
    return [
        Read(
            str(one["UID"]),
            int(one["SEQUENCE"]),
            str(one["SUMMARY"]),
            str(one["LOCATION"]),
            str(one["STATUS"]),
            one["DTSTART"].dt.astimezone(UTC),
            one["DTEND"].dt.astimezone(UTC),
        )
        for one in calendar.walk("VEVENT")
    ]


def by_ical(written: bytes, _: Path) -> list[Read]:
    calendar = IcsCalendarStream.calendar_from_ics(written.decode())
    assert [zone.tz_id for zone in calendar.timezones] == ["Asia/Ho_Chi_Minh"]
    return [
        Read(
            one.uid,
            one.sequence or 0,
            one.summary or "",
            one.location or "",
            one.status.value if one.status else "",
            one.start_datetime.astimezone(UTC),
            one.end_datetime.astimezone(UTC),
        )
        for one in calendar.events
    ]


def by_ical_js(written: bytes, package: Path) -> list[Read]:
    found = fetched(package, PACKAGE)
    if isinstance(found, str):
        pytest.skip(found)
    ran = subprocess.run(
        [NODE, SCRIPT, found], input=written, capture_output=True, timeout=60, check=True
    )
    return [
        Read(**one | {name: datetime.fromisoformat(one[name]) for name in ("starts", "ends")})
        for one in json.loads(ran.stdout)
    ]


@pytest.mark.parametrize("reader", [by_icalendar, by_ical, by_ical_js])
def test_others_read_what_was_meant(
    reader: Callable[[bytes, Path], list[Read]], tmp_path: Path
) -> None:
    assert reader(WRITTEN, tmp_path) == WANTED


def test_the_bytes_are_what_the_standard_wants() -> None:
    """RFC 5545, 3.1: CRLF, at most 75 octets a line, and no character torn apart."""
    assert WRITTEN.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in WRITTEN.replace(b"\r\n", b"")
    assert b"\r" not in WRITTEN.replace(b"\r\n", b"")
    lines = WRITTEN.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode()
    content = WRITTEN.replace(b"\r\n ", b"").decode().split("\r\n")
    assert content.count("BEGIN:VEVENT") == len(SESSIONS), "a title begins no event"
    assert all(re.match(r"[A-Z-]+[;:]", line) for line in content if line)
    assert "X-WR-CALNAME:Lịch\\; của tôi\\, Hà Nội" in content
    events = content[content.index("BEGIN:VEVENT") :]
    starts = [line for line in events if line.startswith("DTSTART")]
    assert {line.split(":")[0] for line in starts} == {"DTSTART;TZID=Asia/Ho_Chi_Minh"}


def test_nothing_that_was_published_comes_back_under_another_name() -> None:
    moved = SESSIONS[0].changed(revision=5, title=Localized(vi="Giấy dó và mực tàu"))
    [before], [after] = [
        by_icalendar(rules.icalendar("", [one], "vi"), Path()) for one in (SESSIONS[0], moved)
    ]
    assert (after.uid, after.sequence > before.sequence) == (before.uid, True)


SCHEMA = "https://schema.org/"
TYPED = {"@type": "@id"}
MOMENT = {"@type": f"{SCHEMA}DateTime"}
CONTEXT = {  # of https://schema.org, the terms that we use
    "@context": {
        "type": "@type",
        "id": "@id",
        "schema": SCHEMA,
        **{
            name: {"@id": f"schema:{name}"}
            for name in (
                "Event", "Place", "PostalAddress", "name", "inLanguage", "location", "address",
                "streetAddress", "addressLocality", "addressCountry",
                "isAccessibleForFree", "maximumAttendeeCapacity", "remainingAttendeeCapacity",
                "Offer", "offers", "price", "priceCurrency",
            )
        },
        "startDate": {"@id": "schema:startDate"} | MOMENT,
        "endDate": {"@id": "schema:endDate"} | MOMENT,
        "eventStatus": {"@id": "schema:eventStatus"} | TYPED,
        "eventAttendanceMode": {"@id": "schema:eventAttendanceMode"} | TYPED,
    }
}  # fmt: skip


def context(url: str, _: Any) -> dict[str, Any]:
    assert url == "https://schema.org", "nothing else is looked up"
    return {"contextUrl": None, "documentUrl": url, "document": CONTEXT}


@pytest.mark.parametrize("one", [SESSIONS[1], SESSIONS[-1]], ids=["held", "cancelled"])
def test_search_engines_read_every_word_of_it(one: Session) -> None:
    """Google needs name, startDate, location and address. Terms that do not exist would be lost."""
    document = rules.json_ld(one, one.facts, 3, "vi")
    assert json.loads(json.dumps(document)) == document
    [found] = jsonld.expand(document, {"documentLoader": context})
    assert found["@type"] == [f"{SCHEMA}Event"]
    assert found["@id"] == f"urn:uuid:{one.id}"

    def said(name: str) -> Any:
        [value] = found[SCHEMA + name]
        return value.get("@value", value.get("@id", value))

    terms = len(document) - len({"@context", "@type", "@id"})
    assert len(found) - len({"@type", "@id"}) == terms, "every term is one of schema.org's"
    assert said("name") == one.title.vi
    assert datetime.fromisoformat(said("startDate")) == one.facts.starts_at
    assert datetime.fromisoformat(said("endDate")) == one.facts.ends_at
    place = said("location")
    assert place["@type"] == [f"{SCHEMA}Place"]
    assert place[f"{SCHEMA}name"] == [{"@value": "Đình làng; Đông Ngạc"}]
    [address] = place[f"{SCHEMA}address"]
    assert address["@type"] == [f"{SCHEMA}PostalAddress"]
    assert address[f"{SCHEMA}streetAddress"] == [{"@value": "Ngõ 3, tổ 5, Đông Ngạc"}]
    status = "EventCancelled" if one.cancelled else "EventScheduled"
    assert said("eventStatus") == SCHEMA + status
    assert said("eventAttendanceMode") == f"{SCHEMA}OfflineEventAttendanceMode"
