"""Cases of venues: opening hours, blocked times, limits, days, and missing texts and hosts."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.events.programme.activities.rules import ActivityKind
from shared.text import Localized, LocalizedProse
from tests.events.scheduling.warning_cases import (
    HALL,
    LAN,
    LIBRARY,
    MUSEUM,
    STUDIO,
    TOWER,
    Case,
    activity,
    at,
    held,
    known,
    room,
    venue,
)

WEEKDAYS = [
    {"weekday": day, "opens": "08:00", "closes": "17:00"} for day in ("mo", "tu", "we", "th", "fr")
]
OPEN = {"venue_settings": {LIBRARY: {"weekly": WEEKDAYS}}}


def blocked(since: str, until: str, room_id: UUID | None = None) -> dict[str, Any]:
    one = {
        "starts_at": at(since).isoformat(),
        "ends_at": at(until).isoformat(),
        "reason": "Sửa mái",
        "room_id": room_id and str(room_id),
    }
    return {"blocked": [one]}


CASES = [
    # The venue
    Case(
        "within the hours",
        [held("A", "09 08:00", "09 17:00")],
        [],
        OPEN,
    ),
    Case(
        "on a Saturday without hours",
        [held("A", "07 09:00", "07 11:00")],
        [("outside_opening_hours", "A", {"minutes": 120})],
        OPEN,
    ),
    Case(
        "setting up before the doors open is how it is done",
        [held("A", "09 08:00", "09 10:00", setup=120)],
        [],
        OPEN,
    ),
    Case(
        "early in Hanoi is yesterday in UTC, and still Monday here",
        [held("A", "09 06:30", "09 09:00")],
        [("outside_opening_hours", "A", {"minutes": 90})],
        OPEN,
    ),
    Case(
        "online has no doors",
        [held("A", "07 09:00", "07 11:00", online=True)],
        [],
        OPEN,
    ),
    Case(
        "while the roof is mended",
        [held("A", "07 09:00", "07 11:00")],
        [("place_blocked", "A", {"minutes": 60, "reason": "Sửa mái"})],
        {"venue_settings": {LIBRARY: blocked("07 10:00", "08 10:00")}},
    ),
    Case(
        "just before the roof is mended",
        [held("A", "07 09:00", "07 11:00")],
        [],
        {"venue_settings": {LIBRARY: blocked("07 11:00", "08 10:00")}},
    ),
    Case(
        "striking while the roof is mended",
        [held("A", "07 09:00", "07 11:00", strike=30)],
        [("place_blocked", "A", {"minutes": 30, "reason": "Sửa mái"})],
        {"venue_settings": {LIBRARY: blocked("07 11:00", "08 10:00")}},
    ),
    Case(
        "another room is mended",
        [held("A", "07 09:00", "07 11:00", room_id=HALL)],
        [],
        {"venue_settings": {MUSEUM: blocked("07 08:00", "07 12:00", STUDIO)}},
    ),
    Case(
        "this room, and the whole house",
        [held("A", "07 09:00", "07 11:00", room_id=HALL),
         held("B", "07 09:00", "07 11:00", room_id=STUDIO)],
        [("place_blocked", "A", {"minutes": 120, "reason": "Sửa mái"})],
        {"venue_settings": {MUSEUM: blocked("07 08:00", "07 12:00", HALL)}},
    ),
    # Capacity
    Case(
        "more than fire safety allows in the room",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, capacity=101)],
        [("over_fire_capacity", "A", {"capacity": 101, "limit": 100})],
        {"rooms": [room(HALL, "Hội trường", capacity=120, fire_capacity=100)]},
    ),
    Case(
        "as many as fire safety allows",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, capacity=100)],
        [],
        {"rooms": [room(HALL, "Hội trường", capacity=120, fire_capacity=100)]},
    ),
    Case(
        "the stricter of room and house",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, capacity=90)],
        [("over_fire_capacity", "A", {"capacity": 90, "limit": 80})],
        {"rooms": [room(HALL, "Hội trường", fire_capacity=100)],
         "venue_settings": {MUSEUM: {"fire_capacity": 80}}},
    ),
    Case(
        "more than the room has seats",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, capacity=130)],
        [("over_room_capacity", "A", {"capacity": 130, "limit": 120})],
        {"rooms": [room(HALL, "Hội trường", capacity=120)]},
    ),
    Case(
        "the registry has cut what the house holds",
        [held("A", "07 09:00", "07 11:00", venue_id=TOWER, capacity=60)],
        [("over_venue_capacity", "A", {"capacity": 60, "limit": 40})],
    ),
    Case(
        "a thousand online",
        [held("A", "07 09:00", "07 11:00", venue_id=TOWER, capacity=1000, online=True)],
        [],
    ),
    Case(
        "no limit is known",
        [held("A", "07 09:00", "07 11:00", venue_id=TOWER, capacity=1000)],
        [],
        {"venues": [venue(TOWER, "Tháp nước", None)]},
    ),
    # The days of the edition: the 7th to the 15th
    Case(
        "the evening before the first day",
        [held("A", "06 22:00", "07 01:00")],
        [("outside_edition", "A", {"first_day": "2026-11-07", "last_day": "2026-11-15"})],
    ),
    Case("from the first minute", [held("A", "07 00:00", "07 01:00")], []),
    Case("until midnight of the last day", [held("A", "15 22:00", "16 00:00")], []),
    Case(
        "into the night after the last day",
        [held("A", "15 22:00", "16 00:01")],
        [("outside_edition", "A", {"first_day": "2026-11-07", "last_day": "2026-11-15"})],
    ),
    Case(
        "written in UTC it is the same day here",
        [held("A", "07 06:00", "07 06:30", starts_at=datetime(2026, 11, 6, 23, tzinfo=UTC),
              closes_at=datetime(2026, 11, 6, 23, tzinfo=UTC))],
        [],
    ),
    Case(
        "registration closes after it begins",
        [held("A", "07 09:00", "07 11:00", closes_at=at("07 09:30"))],
        [("registration_closes_late", "A", {"minutes": 30})],
    ),
    # Missing texts and hosts
    Case(
        "an activity with nothing but a name",
        [held("A", "07 09:00", "07 11:00", activity_id=known("talk"))],
        [("host_missing", "A", {}), ("about_en_missing", "A", {}),
         ("about_missing", "A", {}), ("title_en_missing", "A", {})],
        {"activities": [activity(known("talk"), kind=ActivityKind.TALK,
                                 title=Localized(vi="Tọa đàm"), about=LocalizedProse())]},
    ),
    Case(
        "nobody is missing where each session has its own",
        [held("A", "07 09:00", "07 11:00", activity_id=known("talk"), hosts=(LAN,))],
        [],
        {"activities": [activity(known("talk"), kind=ActivityKind.TALK)]},
    ),
    Case(
        "somebody is missing at one of two",
        [held("A", "07 09:00", "07 11:00", activity_id=known("tour"), hosts=(LAN,)),
         held("B", "08 09:00", "08 11:00", activity_id=known("tour"))],
        [("host_missing", "B", {})],
        {"activities": [activity(known("tour"), kind=ActivityKind.TOUR)]},
    ),
    Case("an exhibition hangs by itself", [held("A", "07 09:00", "07 11:00")], []),
    Case(
        "a workshop without a session needs somebody too",
        [],
        [("host_missing", "", {})],
        {"activities": [activity(known("workshop"), kind=ActivityKind.WORKSHOP)]},
    ),
]  # fmt: skip
