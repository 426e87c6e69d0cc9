"""Sessions as iCalendar (RFC 5545) and as schema.org JSON-LD.

A session keeps its UID for ever, and every change increases its SEQUENCE. So a calendar that
already has the session moves it and does not show it twice. The same sessions always give the same
bytes.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event, Timezone, vText

from services.events.courses.courses.rules import CourseFacts
from services.events.programme.sessions.rules import Mode, Session, SessionFacts
from shared.clock import HANOI, local
from shared.contracts.events import calendar_uid
from shared.text import Language

PRODUCER = "-//creative-city//events//VI"
ATTENDANCE = {Mode.ON_SITE: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}


def icalendar(
    name: str,
    sessions: Sequence[Session],
    language: Language,
    tentative: Collection[UUID] = (),
) -> bytes:
    """A calendar of these sessions in Hanoi time, with its VTIMEZONE. Lines end with CRLF.

    `tentative`: the ids of sessions that the reader may attend, but has no seat in.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCER)
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", vText(name))  # else the library does not escape it
    calendar.add_component(Timezone.from_tzid(HANOI.key))  # also if there are no sessions
    for session in sessions:
        calendar.add_component(_event(session, language, tentative=session.id in tentative))
    return bytes(calendar.to_ical())


def _event(session: Session, language: Language, *, tentative: bool) -> Event:
    event = Event()
    event.add("UID", calendar_uid(session.id))
    event.add("SEQUENCE", session.revision)
    event.add("DTSTAMP", session.changed_at)
    event.add("LAST-MODIFIED", session.changed_at)
    event.add("DTSTART", _whole_seconds(session.facts.starts_at))
    event.add("DTEND", _whole_seconds(session.facts.ends_at))
    event.add("SUMMARY", session.title.in_(language))
    event.add("LOCATION", f"{session.place.in_(language)}, {session.place.address}")
    event.add("STATUS", _status(session, tentative=tentative))
    event.add("TRANSP", "TRANSPARENT" if tentative else "OPAQUE")
    return event


def _status(session: Session, *, tentative: bool) -> str:
    if session.cancelled is not None:
        return "CANCELLED"
    return "TENTATIVE" if tentative else "CONFIRMED"


def _whole_seconds(moment: datetime) -> datetime:
    return local(moment).replace(microsecond=0)


def json_ld(
    session: Session, terms: SessionFacts | CourseFacts, free: int, language: Language
) -> dict[str, Any]:
    """A session as search engines read it (schema.org/Event).

    `terms`: the ticket kinds and the capacity, of the session itself or of the course that it is
    part of. `free`: the number of free seats.
    """
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"urn:uuid:{session.id}",
        "name": session.title.in_(language),
        "inLanguage": language,
        "startDate": local(session.facts.starts_at).isoformat(),
        "endDate": local(session.facts.ends_at).isoformat(),
        "eventStatus": (
            f"https://schema.org/Event{'Cancelled' if session.cancelled else 'Scheduled'}"
        ),
        "eventAttendanceMode": (
            f"https://schema.org/{ATTENDANCE[session.facts.mode]}EventAttendanceMode"
        ),
        "location": {
            "@type": "Place",
            "name": session.place.in_(language),
            "address": {
                "@type": "PostalAddress",
                "streetAddress": session.place.address,
                "addressLocality": "Hà Nội",
                "addressCountry": "VN",
            },
        },
        "isAccessibleForFree": all(kind.fee == 0 for kind in terms.kinds),
        "offers": [
            {"@type": "Offer", "name": kind.kind.value, "price": kind.fee, "priceCurrency": "VND"}
            for kind in terms.kinds
            if not kind.code_only
        ],
        "maximumAttendeeCapacity": terms.capacity,
        "remainingAttendeeCapacity": free,
    }
