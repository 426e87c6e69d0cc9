"""The public schedule for other programs, as JSON and XML in the format of frab and pretalx.

Many conference apps and video teams read this format (the schedule format of c3voc). A schedule has
days, a day has rooms, and a room has events. A session of several days is listed on its first day.
`persons` is always empty, because this service does not know the names of hosts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from services.events.programme.activities.rules import Activity
from services.events.programme.editions.rules import Edition
from services.events.programme.sessions.rules import Session
from services.events.programme.strands.rules import Strand
from shared.clock import HANOI, local
from shared.text import Language

TIMESLOT = "00:05"  # the format asks for a grid of times; our sessions may start at any minute


@dataclass(frozen=True, slots=True)
class ExportedSchedule:
    """What a schedule contains: public sessions in order of time, without cancelled ones."""

    edition: Edition
    release: int  # the number of the last release; 0 before the first
    sessions: tuple[Session, ...]
    activities: Mapping[UUID, Activity]
    strands: Mapping[UUID, Strand]
    public_url: str  # the address of this service, as the public reaches it

    def strand(self, session: Session) -> Strand | None:
        strand_id = self.activities[session.activity_id].facts.strand_id
        return None if strand_id is None else self.strands.get(strand_id)

    def days(self) -> list[tuple[date, list[Session]]]:
        """The sessions by the day on which they begin, in Hanoi."""
        by_day = groupby(self.sessions, key=lambda one: local(one.facts.starts_at).date())
        return [(day, list(found)) for day, found in by_day]


def as_json(schedule: ExportedSchedule, language: Language) -> dict[str, Any]:
    """The schedule as an object for JSON."""
    edition = schedule.edition
    days = schedule.days()
    return {
        "schedule": {
            "version": str(schedule.release),
            "base_url": schedule.public_url,
            "conference": {
                "acronym": edition.slug.replace("-", "_"),
                "title": edition.facts.name.in_(language),
                "start": edition.facts.starts_on.isoformat(),
                "end": edition.facts.ends_on.isoformat(),
                "daysCount": len(days),
                "timeslot_duration": TIMESLOT,
                "time_zone_name": HANOI.key,
                "tracks": [
                    {"name": one.facts.name.in_(language), "color": one.facts.colour}
                    for one in schedule.strands.values()
                ],
                "days": [
                    {
                        "index": index,
                        "date": day.isoformat(),
                        "day_start": _midnight(day).isoformat(),
                        "day_end": _midnight(day + timedelta(days=1)).isoformat(),
                        "rooms": {
                            room: [_event(schedule, one, room, language) for one in found]
                            for room, found in _by_room(sessions, language).items()
                        },
                    }
                    for index, (day, sessions) in enumerate(days, start=1)
                ],
            },
        }
    }


def as_xml(schedule: ExportedSchedule, language: Language) -> bytes:
    """The schedule as XML: UTF-8, with an XML declaration."""
    root = ElementTree.Element("schedule")
    content = as_json(schedule, language)["schedule"]
    conference = content["conference"]
    _add(root, "version", content["version"])
    about = ElementTree.SubElement(root, "conference")
    for name in ("title", "acronym", "start", "end"):
        _add(about, name, conference[name])
    _add(about, "days", str(conference["daysCount"]))
    _add(about, "timeslot_duration", TIMESLOT)
    for day in conference["days"]:
        attributes = {
            "index": str(day["index"]),
            "date": day["date"],
            "start": day["day_start"],
            "end": day["day_end"],
        }
        element = ElementTree.SubElement(root, "day", attributes)
        for name, events in day["rooms"].items():
            room = ElementTree.SubElement(element, "room", {"name": name})
            for event in events:
                _add_event(room, event)
    if not conference["days"]:
        ElementTree.SubElement(root, "day", {"index": "1", "date": conference["start"]})
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _by_room(sessions: Iterable[Session], language: Language) -> dict[str, list[Session]]:
    found: dict[str, list[Session]] = {}
    for one in sessions:
        found.setdefault(one.place.in_(language), []).append(one)
    return found


def _event(
    schedule: ExportedSchedule, session: Session, room: str, language: Language
) -> dict[str, Any]:
    activity, strand = schedule.activities[session.activity_id], schedule.strand(session)
    starts = local(session.facts.starts_at)
    return {
        "id": numeric_id(session.id),
        "guid": str(session.id),
        "date": starts.isoformat(),
        "start": f"{starts:%H:%M}",
        "duration": duration(session.facts.ends_at - session.facts.starts_at),
        "room": room,
        "slug": f"{schedule.edition.slug}-{session.id}",
        "url": f"{schedule.public_url}/v1/sessions/{session.id}",
        "title": session.title.in_(language),
        "subtitle": "",
        "track": strand.facts.name.in_(language) if strand else "",
        "type": activity.facts.kind.value,
        "language": language,
        "abstract": activity.facts.about.in_(language),
        "description": "",
        "persons": [],
        "links": [],
    }


def _add_event(room: ElementTree.Element, event: Mapping[str, Any]) -> None:
    element = ElementTree.SubElement(room, "event", {"id": str(event["id"]), "guid": event["guid"]})
    for name in (
        "date", "start", "duration", "room", "slug", "title", "subtitle", "track", "type",
        "language", "abstract", "description",
    ):  # fmt: skip
        _add(element, name, event[name] if name != "duration" else _in_days(event[name]))
    ElementTree.SubElement(element, "persons")
    ElementTree.SubElement(element, "links")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def numeric_id(session_id: UUID) -> int:
    """A whole number for the session; the format requires one beside the UUID.

    It consists of the last 53 bits of the UUID, because a JavaScript number holds no more.
    """
    return (session_id.int & (2**53 - 1)) or 1


def duration(length: timedelta) -> str:
    """In hours and minutes: 00:45, 201:30."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _in_days(text: str) -> str:
    """XML allows two digits for hours. A longer duration is written with days: 08:09:30."""
    hours, minutes = text.split(":")
    return text if len(hours) == 2 else f"{int(hours) // 24:02}:{int(hours) % 24:02}:{minutes}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HANOI)
