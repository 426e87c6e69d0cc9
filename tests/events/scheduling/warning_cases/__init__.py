"""Plans with warnings: a library, a museum with a hall and a studio, a tower, Lan and Cường."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from services.events.programme.activities.rules import Activity, ActivityFacts, ActivityKind
from services.events.programme.availability.rules import Interval
from services.events.programme.sessions.hosts import DefaultHosts, default_hosts
from services.events.programme.venue_settings.rules import Room, RoomFacts, VenueSettingsFacts
from services.events.programme.venues.state import Venue
from services.events.scheduling.warnings.state import Plan, PlannedSession
from shared.clock import HANOI
from shared.text import Localized, LocalizedProse

SPACE = UUID(int=7)


def known(name: str) -> UUID:
    return uuid5(SPACE, name)


LIBRARY, MUSEUM, TOWER, ONLINE = (known(n) for n in ("library", "museum", "tower", "online"))
HALL, STUDIO = known("hall"), known("studio")  # both in the museum
LAN, CUONG = known("Lan"), known("Cường")
NOBODY_NEEDED = known("exhibition")
MINUTE = timedelta(minutes=1)


def at(written: str) -> datetime:
    """`07 09:00`: in November 2026, by Hanoi's clock."""
    return datetime.strptime(f"2026-11-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=HANOI)


def held(name: str, starts: str, ends: str, **changes: Any) -> PlannedSession:
    """A session with this name, in the library unless it says otherwise."""
    begins = at(starts)
    given: dict[str, Any] = {
        "id": known(name),
        "activity_id": NOBODY_NEEDED,
        "title": Localized(vi=name),
        "venue_id": LIBRARY,
        "room_id": None,
        "starts_at": begins,
        "ends_at": at(ends),
        "closes_at": begins,
        "capacity": 20,
    }
    for minutes in ("setup", "strike"):
        if minutes in changes:
            changes[minutes] = changes[minutes] * MINUTE
    if changes.get("room_id") in (HALL, STUDIO) and "venue_id" not in changes:
        given["venue_id"] = MUSEUM
    return PlannedSession(**given | changes)


def activity(key: UUID, **changes: Any) -> Activity:
    given: dict[str, Any] = {
        "title": Localized(vi="Trưng bày", en="Exhibition"),
        "kind": ActivityKind.EXHIBITION,
        "about": LocalizedProse(vi="Có", en="Yes"),
    }
    facts = ActivityFacts(**given | changes)
    return Activity(id=key, edition_id=SPACE, facts=facts, changed_at=at("01 00:00"))


def venue(key: UUID, name: str, capacity: int | None = 500) -> Venue:
    return Venue(id=key, slug=name, name=Localized(vi=name), address="", ward="", capacity=capacity)


def room(key: UUID, name: str, **facts: Any) -> Room:
    return Room(
        id=key,
        venue_id=MUSEUM,
        facts=RoomFacts(name=Localized(vi=name), **facts),
        changed_at=at("01 00:00"),
    )


ROOMS = (room(HALL, "Hội trường"), room(STUDIO, "Xưởng"))
POSITIONS = {
    LIBRARY: {"position": {"latitude": 21.0245, "longitude": 105.8480}},
    MUSEUM: {"position": {"latitude": 21.0105, "longitude": 105.7865}},  # 6.6 km: 37 minutes
}


def programme(
    sessions: Iterable[PlannedSession],
    *,
    rooms: Iterable[Room] = ROOMS,
    venue_settings: dict[UUID, dict[str, Any]] | None = None,
    available: dict[UUID, list[tuple[str, str]]] | None = None,
    activities: Iterable[Activity] = (activity(NOBODY_NEEDED),),
    venues: Iterable[Venue] = (venue(LIBRARY, "Thư viện"), venue(MUSEUM, "Bảo tàng"),
                               venue(TOWER, "Tháp nước", 40)),
) -> Plan:  # fmt: skip
    return Plan(
        first_day=date(2026, 11, 7),
        last_day=date(2026, 11, 15),
        sessions=list(sessions),
        activities={one.id: one for one in activities},
        venues={one.id: one for one in venues},
        rooms={one.id: one for one in rooms},
        hosts=DefaultHosts(
            {one.id: default_hosts(one.facts.hosts, one.facts.speakers) for one in activities}
        ),
        venue_settings={
            key: VenueSettingsFacts.model_validate(facts)
            for key, facts in (venue_settings or {}).items()
        },
        available={
            person: [Interval(starts_at=at(since), ends_at=at(until)) for since, until in times]
            for person, times in (available or {}).items()
        },
    )


class Case(NamedTuple):
    """`expected`: the code, the names of the sessions and the facts of each warning."""

    story: str
    sessions: list[PlannedSession]
    expected: list[tuple[str, str, dict[str, Any]]]
    known: Mapping[str, Any] = MappingProxyType({})
