"""What organisers know of a venue beyond the registry: rooms, hours, closures, the way there.

The registry owns a space's name, address and capacity. A room is a part of a venue that can be
taken by itself. An arrangement is all the rest, one for each venue.
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


People = Annotated[int, Field(ge=0, le=1_000_000)]
Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""By a clock on a wall in Hanoi; 24:00 is the midnight that ends the day."""


class Weekday(StrEnum):
    """As RFC 5545 writes them, in lower case. In the order of the week."""

    MONDAY = "mo"
    TUESDAY = "tu"
    WEDNESDAY = "we"
    THURSDAY = "th"
    FRIDAY = "fr"
    SATURDAY = "sa"
    SUNDAY = "su"


class RoomFacts(BaseModel):
    """`fire_capacity`: how many people fire safety allows, whatever the seats are."""

    model_config = ConfigDict(frozen=True)

    name: Localized
    capacity: People | None = None
    fire_capacity: People | None = None
    setup_minutes: Minutes = 0  # before any session in it, at least
    strike_minutes: Minutes = 0  # and after


class Room(Described):
    venue_id: UUID
    facts: RoomFacts


class Open(BaseModel):
    """From a time of day until another. A night is two: until 24:00, and from 00:00."""

    model_config = ConfigDict(frozen=True)

    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes is not after opens")
        return self


class WeeklyOpen(Open):
    weekday: Weekday


class OtherDay(BaseModel):
    """A day with hours of its own; with none it is closed."""

    model_config = ConfigDict(frozen=True)

    day: Day
    hours: Annotated[tuple[Open, ...], Field(max_length=5)] = ()
    reason: Line | None = None


class Blocked(BaseModel):
    """Somebody else has it, or it is being repaired: a room, or the whole venue."""

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


class Way(BaseModel):
    """How long it takes to another venue, and back unless that one says otherwise."""

    model_config = ConfigDict(frozen=True)

    venue_id: UUID
    minutes: Annotated[int, Field(ge=0, le=24 * 60)]


class VenueSettingsFacts(BaseModel):
    """Without `weekly` hours a venue counts as open, but on its `other_days`."""

    model_config = ConfigDict(frozen=True)

    fire_capacity: People | None = None  # of the whole venue
    weekly: Annotated[tuple[WeeklyOpen, ...], Field(max_length=35)] = ()
    other_days: Annotated[tuple[OtherDay, ...], Field(max_length=400)] = ()
    blocked: Annotated[tuple[Blocked, ...], Field(max_length=500)] = ()
    position: Position | None = None
    ways: Annotated[tuple[Way, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _no_contradiction(self) -> Self:
        for weekday in Weekday:
            _apart(hours for hours in self.weekly if hours.weekday is weekday)
        for other in self.other_days:
            _apart(other.hours)
        if len({other.day for other in self.other_days}) < len(self.other_days):
            raise ValueError("a day is named twice in other_days")
        if len({way.venue_id for way in self.ways}) < len(self.ways):
            raise ValueError("a venue is named twice in ways")
        return self


def _apart(hours: Iterable[Open]) -> None:
    ordered = sorted(hours, key=lambda one: one.opens)
    for before, after in pairwise(ordered):
        if after.opens < before.closes:
            raise ValueError("opening hours overlap")


class VenueSettings(Described):
    """Its id is the venue's."""

    facts: VenueSettingsFacts


@dataclass(frozen=True, slots=True)
class FurnishRoom:
    room_id: UUID
    venue_id: UUID
    facts: RoomFacts


@dataclass(frozen=True, slots=True)
class DescribeVenue:
    venue_id: UUID
    facts: VenueSettingsFacts


def furnish(room: Room | None, command: FurnishRoom, now: datetime) -> Decision[Room]:
    described = Room(
        id=command.room_id, venue_id=command.venue_id, facts=command.facts, changed_at=now
    )
    return create_or_replace(room, described)


def arrange(
    known: VenueSettings | None, command: DescribeVenue, now: datetime
) -> Decision[VenueSettings]:
    described = VenueSettings(id=command.venue_id, facts=command.facts, changed_at=now)
    return create_or_replace(known, described)
