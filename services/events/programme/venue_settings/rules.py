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

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.aggregates import Decision, Described, create_or_replace
from shared.clock import Day, Moment
from shared.errors import NotFound
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


class RoomFacts(BaseModel):
    """`fire_capacity`: how many people fire safety allows, however many seats there are."""

    model_config = ConfigDict(frozen=True)

    name: Localized
    capacity: PeopleCount | None = None
    fire_capacity: PeopleCount | None = None
    setup_minutes: Minutes = 0  # needed before each session in it, at least
    strike_minutes: Minutes = 0  # needed after each session in it, at least


class Room(Described):
    venue_id: UUID
    facts: RoomFacts


class DailyHours(BaseModel):
    """From one time of day to another. Hours past midnight are two: until 24:00, and from 00:00."""

    model_config = ConfigDict(frozen=True)

    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes is not after opens")
        return self


class WeekdayHours(DailyHours):
    weekday: Weekday


class SpecialDay(BaseModel):
    """A day with other hours than usual. Without hours the venue is closed on that day."""

    model_config = ConfigDict(frozen=True)

    day: Day
    hours: Annotated[tuple[DailyHours, ...], Field(max_length=5)] = ()
    reason: Line | None = None


class Closure(BaseModel):
    """A time at which a room, or the whole venue, cannot be used."""

    model_config = ConfigDict(frozen=True)

    starts_at: Moment
    ends_at: Moment
    room_id: UUID | None = None
    reason: Line

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        return self


class Position(BaseModel):
    """Degrees, WGS 84."""

    model_config = ConfigDict(frozen=True)

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class TravelTime(BaseModel):
    """How long it takes to another venue, and back unless that venue has an entry of its own."""

    model_config = ConfigDict(frozen=True)

    venue_id: UUID
    minutes: Annotated[int, Field(ge=0, le=24 * 60)]


class VenueSettingsFacts(BaseModel):
    """Without `weekly` hours a venue counts as open on every day but its `other_days`."""

    model_config = ConfigDict(frozen=True)

    fire_capacity: PeopleCount | None = None  # of the whole venue
    weekly: Annotated[tuple[WeekdayHours, ...], Field(max_length=35)] = ()
    other_days: Annotated[tuple[SpecialDay, ...], Field(max_length=400)] = ()
    blocked: Annotated[tuple[Closure, ...], Field(max_length=500)] = ()
    position: Position | None = None
    ways: Annotated[tuple[TravelTime, ...], Field(max_length=200)] = ()

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
