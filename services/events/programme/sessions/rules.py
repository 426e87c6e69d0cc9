"""A session: an activity at one time in one place, with so many places to take.

Once it is public, organisers work on a draft of it; a release puts the draft in force. Whoever was
cancelled stays, so that calendars can say so.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.events.programme.editions.rules import Cancellation
from services.events.programme.ticket_kinds.rules import TicketKindFacts
from services.events.programme.venues.state import Place, Where
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.base import Event
from shared.contracts.events import SessionCancelled, SessionPublished
from shared.errors import Conflict, NotFound
from shared.text import Localized


class SessionUnknown(NotFound):
    code = "session.unknown"
    vi = "Không tìm thấy phiên này."
    en = "There is no such session."


class SessionIsCancelled(Conflict):
    code = "session.cancelled"
    vi = "Phiên này đã bị huỷ."
    en = "This session is cancelled."


class TooManyForVenue(Conflict):
    code = "session.over_venue_capacity"
    vi = "Số chỗ vượt sức chứa của địa điểm ({venue_capacity} người)."
    en = "More places than the venue holds ({venue_capacity} people)."


class Mode(StrEnum):
    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]


class SessionFacts(BaseModel):
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
    kinds: Annotated[tuple[TicketKindFacts, ...], Field(min_length=1, max_length=5)] = (
        TicketKindFacts(),
    )

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

    @property
    def where(self) -> Where:
        return self.venue_id, self.room_id


class Session(Aggregate):
    """`title`, `place` and `facts` are in force: what the public sees once it is published."""

    edition_id: UUID
    activity_id: UUID
    title: Localized
    place: Place
    facts: SessionFacts
    series_id: UUID | None = None  # planned together with others, by one rule of recurrence
    of_course: bool = False  # enrolled in with the course (its activity), and so without places
    draft: SessionFacts | None = None  # of a public session: what the next release puts in force
    asks_release: bool = False  # it is recorded for television: gates ask for a release form
    published: bool = False
    revision: int = 0  # counts what the public has seen, from 1
    cancelled: Cancellation | None = None
    changed_at: datetime  # of what is in force

    @property
    def owner_id(self) -> UUID:
        """Whose places one takes in order to come: its own, or its course's."""
        return self.activity_id if self.of_course else self.id

    @property
    def working(self) -> SessionFacts:
        """What organisers work on."""
        return self.draft or self.facts


@dataclass(frozen=True, slots=True)
class Plan:
    """`title` and `place` are the activity's and the venue's, looked up for this command."""

    session_id: UUID
    edition_id: UUID
    activity_id: UUID
    title: Localized
    place: Place
    facts: SessionFacts
    series_id: UUID | None = None
    of_course: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """Put the draft in force, under the names that activity and venue have now."""

    title: Localized
    place: Place


@dataclass(frozen=True, slots=True)
class Cancel:
    reason: Localized


@dataclass(frozen=True, slots=True)
class RequestRelease:
    """It is recorded for television."""


Command = Plan | Publish | Cancel | RequestRelease


def decide(session: Session | None, command: Command, now: datetime) -> Decision[Session]:
    if session is None:
        if not isinstance(command, Plan):
            raise SessionUnknown
        return Decision(_planned(command, now))
    if session.cancelled is not None:
        if isinstance(command, Cancel):
            return Decision(session)
        raise SessionIsCancelled
    match command:
        case Plan():
            return Decision(_replanned(session, command, now))
        case Publish():
            return _publish(session, command, now)
        case RequestRelease():
            return Decision(session.changed(asks_release=True))
        case Cancel():
            after = session.changed(
                cancelled=Cancellation(at=now, reason=command.reason),
                draft=None,
                revision=session.revision + 1,
                changed_at=now,
            )
            return Decision(after, _told(after))
        case _:
            assert_never(command)


def _planned(command: Plan, now: datetime) -> Session:
    _fits(command.facts, command.place)
    return Session(
        id=command.session_id,
        edition_id=command.edition_id,
        activity_id=command.activity_id,
        title=command.title,
        place=command.place,
        facts=command.facts,
        series_id=command.series_id,
        of_course=command.of_course,
        changed_at=now,
    )


def _replanned(session: Session, command: Plan, now: datetime) -> Session:
    _fits(command.facts, command.place)
    if session.published:
        draft = None if command.facts == session.facts else command.facts
        return session if draft == session.draft else session.changed(draft=draft)
    after = session.changed(title=command.title, place=command.place, facts=command.facts)
    return session if after == session else after.changed(changed_at=now)


def _publish(session: Session, command: Publish, now: datetime) -> Decision[Session]:
    facts = session.working
    _fits(facts, command.place)
    after = session.changed(
        title=command.title, place=command.place, facts=facts, draft=None, published=True
    )
    if after == session:
        return Decision(session)
    after = after.changed(revision=session.revision + 1, changed_at=now)
    return Decision(after, _told(after))


def _fits(facts: SessionFacts, place: Place) -> None:
    if place.capacity is not None and facts.capacity > place.capacity:
        raise TooManyForVenue(venue_capacity=place.capacity)


def _told(session: Session) -> tuple[Event, ...]:
    if not session.published:
        return ()
    if session.cancelled is not None:
        return (
            SessionCancelled(
                session_id=session.id,
                edition_id=session.edition_id,
                reason=session.cancelled.reason,
            ),
        )
    return (
        SessionPublished(
            session_id=session.id,
            edition_id=session.edition_id,
            title=session.title,
            starts_at=session.facts.starts_at,
            ends_at=session.facts.ends_at,
            venue=session.place.name,
            room=session.place.room,
            address=session.place.address,
            capacity=session.facts.capacity,
            revision=session.revision,
            mode=session.facts.mode.value,
        ),
    )
