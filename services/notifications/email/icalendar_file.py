"""Calendar entries that are attached to a mail (RFC 5545; RFC 5546, METHOD:PUBLISH).

They have the same UID as in the feeds of `services/events`, and a SEQUENCE that grows. So a
calendar that has the session already moves it, or shows it as cancelled.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event, Timezone

from shared.clock import HANOI, local
from shared.contracts.events import calendar_uid


def calendar(entries: Sequence[Mapping[str, Any]], now: datetime) -> bytes:
    """Each entry has: session_id, revision, title, starts_at, ends_at, place, cancelled."""
    file = Calendar()
    file.add("PRODID", "-//creative-city//notifications//VI")
    file.add("VERSION", "2.0")
    file.add("METHOD", "PUBLISH")
    file.add_component(Timezone.from_tzid(HANOI.key))
    for entry in entries:
        file.add_component(_event(entry, now))
    return bytes(file.to_ical())


def _event(entry: Mapping[str, Any], now: datetime) -> Event:
    event = Event()
    event.add("UID", calendar_uid(UUID(str(entry["session_id"]))))
    event.add("SEQUENCE", entry["revision"])
    event.add("DTSTAMP", now)
    event.add("DTSTART", local(entry["starts_at"]).replace(microsecond=0))
    event.add("DTEND", local(entry["ends_at"]).replace(microsecond=0))
    event.add("SUMMARY", entry["title"])
    event.add("LOCATION", entry["place"])
    event.add("STATUS", "CANCELLED" if entry["cancelled"] else "CONFIRMED")
    return event
