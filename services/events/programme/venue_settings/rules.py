"""What organisers know about a venue: its rooms and its settings.

The registry owns the name, address and capacity of a space. A room is a part of a venue that a
session can use alone. Everything else is in the settings of the venue: opening hours, closures,
position, and the time it takes to get to other venues.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.aggregates import Decision, Described, create_or_replace
from shared.clock import Day, Moment
from shared.errors import NotFound
from shared.schema import Schema, example
from shared.text import Line, Localized


class RoomUnknown(NotFound):
    code = "room.unknown"
    vi = "Địa điểm này không có phòng đó."
    en = "The venue has no such room."


PeopleCount = Annotated[int, Field(ge=0, le=1_000_000)]
Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""Local time in Hanoi. 24:00 is the midnight at the end of the day."""


class Weekday(StrEnum):
    """As in RFC 5545, in lower case. In the order of the week."""

    MONDAY = "mo"
    TUESDAY = "tu"
    WEDNESDAY = "we"
    THURSDAY = "th"
    FRIDAY = "fr"
    SATURDAY = "sa"
    SUNDAY = "su"


class RoomFacts(Schema):
    """What organisers know of a room."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "name": {"vi": "Hội trường tầng 2", "en": "Hall on the first floor"},
                "capacity": 120,
                "fire_capacity": 150,
                "setup_minutes": 30,
                "strike_minutes": 30,
            }
        ),
    )

    name: Localized
    """Its name, as the public reads it."""
    capacity: PeopleCount | None = None
    """How many seats it has; null if nobody knows."""
    fire_capacity: PeopleCount | None = None
    """How many people fire safety allows in it, whatever the seats are."""
    setup_minutes: Minutes = 0
    """It is taken for at least so many minutes before each session in it."""
    strike_minutes: Minutes = 0
    """It is taken for at least so many minutes after each session in it."""


class Room(Described):
    venue_id: UUID
    facts: RoomFacts


class DailyHours(Schema):
    """From one time of day to another. Hours past midnight are two: until 24:00, and from 00:00."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra=example({"opens": "08:00", "closes": "17:30"})
    )

    opens: TimeOfDay
    """The time of day in Hanoi from which it is open."""
    closes: TimeOfDay
    """The time of day in Hanoi until which it is open; `24:00` is midnight."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes is not after opens")
        return self


class WeekdayHours(DailyHours):
    model_config = ConfigDict(
        json_schema_extra=example({"opens": "08:00", "closes": "17:30", "weekday": "sa"})
    )

    weekday: Weekday
    """The day of the week on which these hours hold."""


class SpecialDay(Schema):
    """A day with other hours than usual. Without hours the venue is closed on that day."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"day": "2026-11-20", "hours": [], "reason": "Nghỉ ngày Nhà giáo Việt Nam"}
        ),
    )

    day: Day
    """The day, in Hanoi."""
    hours: Annotated[tuple[DailyHours, ...], Field(max_length=5)] = ()
    """The hours of that day; none: it is closed."""
    reason: Line | None = None
    """Why, for organisers."""


class Closure(Schema):
    """A time at which a room, or the whole venue, cannot be used."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "starts_at": "2026-11-06T02:00:00Z",
                "ends_at": "2026-11-06T04:30:00Z",
                "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                "reason": "Sửa hệ thống điện",
            }
        ),
    )

    starts_at: Moment
    ends_at: Moment
    room_id: UUID | None = None
    """The room that is not free; null: the whole venue."""
    reason: Line
    """Why, for organisers."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        return self


class Position(Schema):
    """A point on the map, in degrees (WGS 84)."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra=example({"latitude": 21.0285, "longitude": 105.8542})
    )

    latitude: Annotated[float, Field(ge=-90, le=90)]
    """Degrees north of the equator."""
    longitude: Annotated[float, Field(ge=-180, le=180)]
    """Degrees east of Greenwich."""


class TravelTime(Schema):
    """How long it takes to another venue, and back unless that venue has an entry of its own."""

    model_config = ConfigDict(frozen=True)

    venue_id: UUID
    """The id of the other venue."""
    minutes: Annotated[int, Field(ge=0, le=24 * 60)]
    """How many minutes it takes to get there."""


class VenueSettingsFacts(Schema):
    """Without `weekly` hours a venue counts as open on every day but its `other_days`."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "fire_capacity": 400,
                "weekly": [{"opens": "08:00", "closes": "17:30", "weekday": "sa"}],
                "other_days": [
                    {"day": "2026-11-20", "hours": [], "reason": "Nghỉ ngày Nhà giáo Việt Nam"}
                ],
                "blocked": [],
                "position": {"latitude": 21.0485, "longitude": 105.8801},
                "ways": [{"venue_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7", "minutes": 25}],
            }
        ),
    )

    fire_capacity: PeopleCount | None = None
    """How many people fire safety allows in the whole venue."""
    weekly: Annotated[tuple[WeekdayHours, ...], Field(max_length=35)] = ()
    """When it is open in an ordinary week; none: always."""
    other_days: Annotated[tuple[SpecialDay, ...], Field(max_length=400)] = ()
    """Days with hours of their own, or on which it is closed."""
    blocked: Annotated[tuple[Closure, ...], Field(max_length=500)] = ()
    """Times at which it, or one of its rooms, is not free."""
    position: Position | None = None
    """Where it is on the map."""
    ways: Annotated[tuple[TravelTime, ...], Field(max_length=200)] = ()
    """How long it takes to other venues, and back unless those say otherwise."""

    @model_validator(mode="after")
    def _no_contradiction(self) -> Self:
        for weekday in Weekday:
            _check_no_overlap(hours for hours in self.weekly if hours.weekday is weekday)
        for other in self.other_days:
            _check_no_overlap(other.hours)
        if len({other.day for other in self.other_days}) < len(self.other_days):
            raise ValueError("a day is named twice in other_days")
        if len({way.venue_id for way in self.ways}) < len(self.ways):
            raise ValueError("a venue is named twice in ways")
        return self


def _check_no_overlap(hours: Iterable[DailyHours]) -> None:
    ordered = sorted(hours, key=lambda one: one.opens)
    for before, after in pairwise(ordered):
        if after.opens < before.closes:
            raise ValueError("opening hours overlap")


class VenueSettings(Described):
    """Its id is the venue's."""

    facts: VenueSettingsFacts


@dataclass(frozen=True, slots=True)
class DescribeRoom:
    room_id: UUID
    venue_id: UUID
    facts: RoomFacts


@dataclass(frozen=True, slots=True)
class DescribeVenueSettings:
    venue_id: UUID
    facts: VenueSettingsFacts


def decide_room(room: Room | None, command: DescribeRoom, now: datetime) -> Decision[Room]:
    described = Room(
        id=command.room_id, venue_id=command.venue_id, facts=command.facts, changed_at=now
    )
    return create_or_replace(room, described)


def decide_venue_settings(
    known: VenueSettings | None, command: DescribeVenueSettings, now: datetime
) -> Decision[VenueSettings]:
    described = VenueSettings(id=command.venue_id, facts=command.facts, changed_at=now)
    return create_or_replace(known, described)
