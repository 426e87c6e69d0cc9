"""A session: an activity at one time in one place, with so many places to take."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.events.places.rules import KindFacts
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.events import SessionPublished
from shared.errors import Conflict, NotFound
from shared.text import Localized


class SessionUnknown(NotFound):
    code = "session.unknown"
    vi = "Không tìm thấy phiên này."
    en = "There is no such session."


class TooManyForVenue(Conflict):
    code = "session.over_venue_capacity"
    vi = "Số chỗ vượt sức chứa của địa điểm ({venue_capacity} người)."
    en = "More places than the venue holds ({venue_capacity} people)."


class Mode(StrEnum):
    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]


class Facts(BaseModel):
    """When and where, for how many of which kind, and from when to when one can register."""

    model_config = ConfigDict(frozen=True)

    venue_id: UUID
    room_id: UUID | None = None  # one of the venue's; None: all of it
    mode: Mode = Mode.ON_SITE
    starts_at: Moment
    ends_at: Moment
    setup_minutes: Minutes = 0  # the room is taken so long before
    strike_minutes: Minutes = 0  # and so long after
    hosts: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """Who speaks, trains, guides at this session: people's ids in the registry."""
    capacity: Annotated[int, Field(ge=0, le=100_000)]
    opens_at: Moment
    closes_at: Moment
    kinds: Annotated[tuple[KindFacts, ...], Field(min_length=1, max_length=5)] = (KindFacts(),)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        if self.closes_at <= self.opens_at:
            raise ValueError("closes_at is not after opens_at")
        if len({kind.kind for kind in self.kinds}) < len(self.kinds):
            raise ValueError("a kind of ticket is named twice")
        if len(set(self.hosts)) < len(self.hosts):
            raise ValueError("a host is named twice")
        return self


class Place(BaseModel):
    """The venue as it was known when the session was planned."""

    model_config = ConfigDict(frozen=True)

    name: Localized
    address: str
    capacity: int | None


class Session(Aggregate):
    edition_id: UUID
    activity_id: UUID
    title: Localized
    place: Place
    facts: Facts
    series_id: UUID | None = None  # planned together with others, by one rule of recurrence
    published: bool = False
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """`title` and `place` are the activity's and the venue's, looked up for this command."""

    session_id: UUID
    edition_id: UUID
    activity_id: UUID
    title: Localized
    place: Place
    facts: Facts
    series_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Publish:
    pass


Command = Plan | Publish


def decide(session: Session | None, command: Command, now: datetime) -> Decision[Session]:
    if isinstance(command, Plan):
        return _plan(session, command, now)
    if session is None:
        raise SessionUnknown
    match command:
        case Publish():
            if session.published:
                return Decision(session)
            after = session.but(published=True, changed_at=now)
            return Decision(after, (_published(after),))
        case _:
            assert_never(command)


def _plan(session: Session | None, command: Plan, now: datetime) -> Decision[Session]:
    room = command.place.capacity
    if room is not None and command.facts.capacity > room:
        raise TooManyForVenue(venue_capacity=room)
    if session is None:
        return Decision(
            Session(
                id=command.session_id,
                edition_id=command.edition_id,
                activity_id=command.activity_id,
                title=command.title,
                place=command.place,
                facts=command.facts,
                series_id=command.series_id,
                changed_at=now,
            )
        )
    after = session.but(
        title=command.title, place=command.place, facts=command.facts, changed_at=now
    )
    if after.but(changed_at=session.changed_at) == session:
        return Decision(session)
    return Decision(after, (_published(after),) if after.published else ())


def _published(session: Session) -> SessionPublished:
    return SessionPublished(
        session_id=session.id,
        edition_id=session.edition_id,
        title=session.title,
        starts_at=session.facts.starts_at,
        ends_at=session.facts.ends_at,
        venue=session.place.name,
        address=session.place.address,
        capacity=session.facts.capacity,
    )
