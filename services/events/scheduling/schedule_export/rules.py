"""The public schedule, for other programs: the JSON and the XML that frab and pretalx speak too.

Many apps and media teams read this form (after the schedule format of c3voc). It knows days, and in
each the rooms with their events; what lasts several days stands on its first. Hosts' names are the
registry's to show, so `persons` is empty here.
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

SLOT = "00:05"  # the grid that times stand on; we allow any minute


@dataclass(frozen=True, slots=True)
class ExportedSchedule:
    """What a schedule is made of: public sessions in order of time, cancelled ones left out."""

    edition: Edition
    release: int  # the number of the last one; 0 before the first
    sessions: tuple[Session, ...]
    activities: Mapping[UUID, Activity]
    strands: Mapping[UUID, Strand]
    public_url: str  # where people reach this service

    def strand(self, session: Session) -> Strand | None:
        strand_id = self.activities[session.activity_id].facts.strand_id
        return None if strand_id is None else self.strands.get(strand_id)

    def days(self) -> list[tuple[date, list[Session]]]:
        """By the local day that each begins on."""
        by_day = groupby(self.sessions, key=lambda one: local(one.facts.starts_at).date())
        return [(day, list(found)) for day, found in by_day]


def as_json(programme: ExportedSchedule, language: Language) -> dict[str, Any]:
    edition = programme.edition
    days = programme.days()
    return {
        "schedule": {
            "version": str(programme.release),
            "base_url": programme.public_url,
            "conference": {
                "acronym": edition.slug.replace("-", "_"),
                "title": edition.facts.name.in_(language),
                "start": edition.facts.starts_on.isoformat(),
                "end": edition.facts.ends_on.isoformat(),
                "daysCount": len(days),
                "timeslot_duration": SLOT,
                "time_zone_name": HANOI.key,
                "tracks": [
                    {"name": one.facts.name.in_(language), "color": one.facts.colour}
                    for one in programme.strands.values()
                ],
                "days": [
                    {
                        "index": index,
                        "date": day.isoformat(),
                        "day_start": _midnight(day).isoformat(),
                        "day_end": _midnight(day + timedelta(days=1)).isoformat(),
                        "rooms": {
                            room: [_event(programme, one, room, language) for one in found]
                            for room, found in _by_room(sessions, language).items()
                        },
                    }
                    for index, (day, sessions) in enumerate(days, start=1)
                ],
            },
        }
    }


def as_xml(programme: ExportedSchedule, language: Language) -> bytes:
    """UTF-8, with an XML declaration."""
    root = ElementTree.Element("schedule")
    whole = as_json(programme, language)["schedule"]
    conference = whole["conference"]
    _add(root, "version", whole["version"])
    head = ElementTree.SubElement(root, "conference")
    for name in ("title", "acronym", "start", "end"):
        _add(head, name, conference[name])
    _add(head, "days", str(conference["daysCount"]))
    _add(head, "timeslot_duration", SLOT)
    for day in conference["days"]:
        attributes = {
            "index": str(day["index"]),
            "date": day["date"],
            "start": day["day_start"],
            "end": day["day_end"],
        }
        here = ElementTree.SubElement(root, "day", attributes)
        for name, events in day["rooms"].items():
            room = ElementTree.SubElement(here, "room", {"name": name})
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
    programme: ExportedSchedule, session: Session, room: str, language: Language
) -> dict[str, Any]:
    activity, strand = programme.activities[session.activity_id], programme.strand(session)
    starts = local(session.facts.starts_at)
    return {
        "id": number(session.id),
        "guid": str(session.id),
        "date": starts.isoformat(),
        "start": f"{starts:%H:%M}",
        "duration": duration(session.facts.ends_at - session.facts.starts_at),
        "room": room,
        "slug": f"{programme.edition.slug}-{session.id}",
        "url": f"{programme.public_url}/v1/sessions/{session.id}",
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
    here = ElementTree.SubElement(room, "event", {"id": str(event["id"]), "guid": event["guid"]})
    for name in (
        "date", "start", "duration", "room", "slug", "title", "subtitle", "track", "type",
        "language", "abstract", "description",
    ):  # fmt: skip
        _add(here, name, event[name] if name != "duration" else _in_days(event[name]))
    ElementTree.SubElement(here, "persons")
    ElementTree.SubElement(here, "links")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def number(session_id: UUID) -> int:
    """The whole number that the form wants beside the UUID: of its random bits, as many as a
    JavaScript number holds (53).
    """
    return (session_id.int & (2**53 - 1)) or 1


def duration(length: timedelta) -> str:
    """Hours and minutes: 00:45, 201:30."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _in_days(text: str) -> str:
    """The XML form has two digits for hours: what is longer is written with days, 08:09:30."""
    hours, minutes = text.split(":")
    return text if len(hours) == 2 else f"{int(hours) // 24:02}:{int(hours) % 24:02}:{minutes}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HANOI)
