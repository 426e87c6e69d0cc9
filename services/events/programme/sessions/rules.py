"""A session: an activity at one time and in one place, with seats that people can book.

Once a session is public, organisers change a draft of it, and a release puts the draft in force. A
cancelled session is kept, so that calendars can show that it was cancelled.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from services.events.programme.editions.rules import Cancellation
from services.events.programme.ticket_kinds.rules import TicketKindFacts
from services.events.programme.venues.state import Place, VenueRoom
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.base import Event
from shared.contracts.events import SessionCancelled, SessionPublished
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Localized


class SessionUnknown(NotFound):
    code = "session.unknown"
    vi = "Không tìm thấy buổi này."
    en = "There is no such session."


class SessionIsCancelled(Conflict):
    code = "session.cancelled"
    vi = "Buổi này đã bị huỷ."
    en = "This session is cancelled."


class TooManyForVenue(Conflict):
    code = "session.over_venue_capacity"
    vi = "Số chỗ vượt sức chứa của địa điểm ({venue_capacity} người)."
    en = "There are more seats than the venue holds ({venue_capacity} people)."


class Mode(StrEnum):
    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]


class SessionFacts(Schema):
    """When and where it is held, how many seats it has, and when people can register."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                "mode": "on_site",
                "starts_at": "2026-11-06T02:00:00Z",
                "ends_at": "2026-11-06T04:30:00Z",
                "setup_minutes": 30,
                "strike_minutes": 30,
                "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                "capacity": 30,
                "opens_at": "2026-10-01T02:00:00Z",
                "closes_at": "2026-11-05T10:00:00Z",
                "kinds": [{"kind": "general"}],
            }
        ),
    )

    venue_id: UUID
    room_id: UUID | None = None
    """The room in the venue; null: all of it."""
    mode: Mode = Mode.ON_SITE
    """Where people take part: at the venue, online, or either."""
    starts_at: Moment
    """When it begins: RFC 3339, in UTC."""
    ends_at: Moment
    """When it ends: RFC 3339, in UTC."""
    setup_minutes: Minutes = 0
    """The room is taken so many minutes before it begins."""
    strike_minutes: Minutes = 0
    """The room is taken so many minutes after it ends."""
    hosts: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """Ids of the people who speak, train or guide at this session."""
    capacity: Annotated[int, Field(ge=0, le=100_000)]
    """How many seats there are, of all kinds together."""
    opens_at: Moment
    """From when people can register: RFC 3339, in UTC."""
    closes_at: Moment
    """Until when people can register: RFC 3339, in UTC."""
    kinds: Annotated[tuple[TicketKindFacts, ...], Field(min_length=1, max_length=5)] = (
        TicketKindFacts(),
    )
    """The kinds of ticket that there are, each once."""

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
    def venue_room(self) -> VenueRoom:
        return self.venue_id, self.room_id


class SessionTimes(NamedTuple):
    """From when until when a session lasts; one may begin as another ends."""

    starts_at: datetime
    ends_at: datetime


class Session(Aggregate):
    """`title`, `place` and `facts` are in force: the public sees them once it is published."""

    edition_id: UUID
    activity_id: UUID
    title: Localized
    place: Place
    facts: SessionFacts
    series_id: UUID | None = None  # of the series that it was planned with
    of_course: bool = False  # people book the course (its activity), not this session
    draft: SessionFacts | None = None  # of a public session: what the next release puts in force
    consent_required: bool = False  # it is recorded for television: gates ask for a consent
    published: bool = False
    revision: int = 0  # how many versions the public has seen
    cancelled: Cancellation | None = None
    changed_at: datetime  # when what is in force last changed

    @property
    def bookable_id(self) -> UUID:
        """The id of what people book in order to come: this session, or its course."""
        return self.activity_id if self.of_course else self.id

    @property
    def working(self) -> SessionFacts:
        """What organisers see and change: the draft, if there is one."""
        return self.draft or self.facts


@dataclass(frozen=True, slots=True)
class Plan:
    """Plan a session or change its facts.

    `title` comes from the activity and `place` from the venue, as they are now.
    """

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
    """Put the draft in force, with the names that the activity and the venue have now."""

    title: Localized
    place: Place


@dataclass(frozen=True, slots=True)
class Cancel:
    reason: Localized


@dataclass(frozen=True, slots=True)
class RequireConsent:
    """It is recorded for television, so gates ask for a signed consent."""


Command = Plan | Publish | Cancel | RequireConsent


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
        case RequireConsent():
            return Decision(session.changed(consent_required=True))
        case Cancel():
            after = session.changed(
                cancelled=Cancellation(at=now, reason=command.reason),
                draft=None,
                revision=session.revision + 1,
                changed_at=now,
            )
            return Decision(after, _events(after))
        case _:
            assert_never(command)


def _planned(command: Plan, now: datetime) -> Session:
    _check_venue_capacity(command.facts, command.place)
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
    _check_venue_capacity(command.facts, command.place)
    if session.published:
        draft = None if command.facts == session.facts else command.facts
        return session if draft == session.draft else session.changed(draft=draft)
    after = session.changed(title=command.title, place=command.place, facts=command.facts)
    return session if after == session else after.changed(changed_at=now)


def _publish(session: Session, command: Publish, now: datetime) -> Decision[Session]:
    facts = session.working
    _check_venue_capacity(facts, command.place)
    after = session.changed(
        title=command.title, place=command.place, facts=facts, draft=None, published=True
    )
    if after == session:
        return Decision(session)
    after = after.changed(revision=session.revision + 1, changed_at=now)
    return Decision(after, _events(after))


def _check_venue_capacity(facts: SessionFacts, place: Place) -> None:
    if place.capacity is not None and facts.capacity > place.capacity:
        raise TooManyForVenue(venue_capacity=place.capacity)


def _events(session: Session) -> tuple[Event, ...]:
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
