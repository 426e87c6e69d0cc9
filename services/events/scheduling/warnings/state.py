"""What is wrong with the draft of a programme: a pure function over all of it.

Nothing is forbidden here. Organisers plan freely, and see at any moment what cannot be held so,
what will hardly go well, and what is still to be done.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.events.programme.activities.rules import Activity
from services.events.programme.availability.rules import Interval
from services.events.programme.venue_settings.rules import Room
from services.events.programme.venue_settings.rules import VenueSettingsFacts as Arranged
from services.events.programme.venue_settings.travel import Pace, Travel
from services.events.programme.venues.state import Venue
from services.events.scheduling.warnings.intervals import Span
from services.events.scheduling.warnings.wording import TELLING, Severity, WarningCode
from shared.text import Language, Localized


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session as the draft has it. Those cancelled are left out."""

    id: UUID
    activity_id: UUID
    title: Localized
    venue_id: UUID
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime
    capacity: int
    setup: timedelta = timedelta()
    strike: timedelta = timedelta()
    hosts: tuple[UUID, ...] = ()
    online: bool = False

    @property
    def takes_place(self) -> bool:
        """It uses the venue: an online session does so only if a room is given."""
        return not self.online or self.room_id is not None

    @property
    def span(self) -> Span["PlannedSession"]:
        return Span(self.starts_at, self.ends_at, self)


@dataclass(frozen=True)
class Plan:
    """The draft of an edition, and what is known of its places and people."""

    first_day: date
    last_day: date
    sessions: Sequence[PlannedSession]
    activities: Mapping[UUID, Activity]
    venues: Mapping[UUID, Venue] = field(default_factory=dict)
    rooms: Mapping[UUID, Room] = field(default_factory=dict)
    arranged: Mapping[UUID, Arranged] = field(default_factory=dict)  # by venue
    trainers: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)  # by course
    available: Mapping[UUID, Sequence[Interval]] = field(default_factory=dict)  # by person
    pace: Pace = field(default_factory=Pace)

    @cached_property
    def travel(self) -> Travel:
        return Travel(self.arranged, self.pace)

    @cached_property
    def with_rooms(self) -> set[UUID]:
        """The venues that have rooms."""
        return {room.venue_id for room in self.rooms.values()}

    def room(self, session: PlannedSession) -> Room | None:
        """The session's, if it is one of its venue."""
        room = self.rooms.get(session.room_id) if session.room_id else None
        return room if room and room.venue_id == session.venue_id else None

    def occupied(self, session: PlannedSession) -> Span[PlannedSession]:
        """From the beginning of setting up to the end of striking; a room may ask for more."""
        room = self.room(session)
        setup = timedelta(minutes=room.facts.setup_minutes) if room else timedelta()
        strike = timedelta(minutes=room.facts.strike_minutes) if room else timedelta()
        return Span(
            session.starts_at - max(session.setup, setup),
            session.ends_at + max(session.strike, strike),
            session,
        )

    def people(self, session: PlannedSession) -> Sequence[UUID]:
        """Whom it needs: those it names; if it names nobody, the course's trainers, or else the
        activity's hosts and speakers."""
        if session.hosts:
            return session.hosts
        if session.activity_id in self.trainers:
            return self.trainers[session.activity_id]
        activity = self.activities.get(session.activity_id)
        if activity is None:
            return ()
        return tuple(dict.fromkeys((*activity.facts.hosts, *activity.facts.speakers)))

    def by_person(self) -> dict[UUID, list[PlannedSession]]:
        found: defaultdict[UUID, list[PlannedSession]] = defaultdict(list)
        for session in self.sessions:
            for person in self.people(session):
                found[person].append(session)
        return found

    def place(self, session: PlannedSession, language: Language) -> str:
        """Its room and venue, as people call them."""
        venue, room = self.venues.get(session.venue_id), self.room(session)
        name = venue.name.in_(language) if venue else "?"
        return f"{room.facts.name.in_(language)}, {name}" if room else name


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. `facts`: its figures; `minutes` are whole ones: how long two
    things overlap, or what is missing."""

    code: WarningCode
    sessions: tuple[PlannedSession, ...]  # in order of time
    facts: Mapping[str, int | str]
    person_id: UUID | None = None  # who cannot be there
    activity: Activity | None = None  # whose own texts and people are missing

    @property
    def severity(self) -> Severity:
        return TELLING[self.code].severity


def find(
    code: WarningCode,
    session: PlannedSession,
    after: PlannedSession | None = None,
    *,
    person_id: UUID | None = None,
    **facts: int | str,
) -> Finding:
    """Something about this session, and another that it comes after."""
    sessions = (session,) if after is None else (after, session)
    return Finding(code, sessions, facts, person_id)


Findings = Iterator[Finding]


class WarningMessage(BaseModel):
    vi: str
    en: str


class PlanWarning(BaseModel):
    """A finding, as organisers read it. `facts` are its figures by name."""

    model_config = ConfigDict(frozen=True)

    code: WarningCode
    severity: Severity
    session_ids: list[UUID]
    activity_id: UUID | None
    person_id: UUID | None
    facts: dict[str, int | str]
    text: WarningMessage


def told(programme: Plan, finding: Finding) -> PlanWarning:
    """The finding, in words."""
    telling, activity = TELLING[finding.code], finding.activity

    def words(language: Language, template: str) -> str:
        if activity is not None:
            return template.format(title=activity.facts.title.in_(language))
        session = finding.sessions[-1]
        return template.format(
            title=session.title.in_(language),
            other=finding.sessions[0].title.in_(language),
            place=programme.place(session, language),
            **finding.facts,
        )

    return PlanWarning(
        code=finding.code,
        severity=telling.severity,
        session_ids=[session.id for session in finding.sessions],
        activity_id=activity and activity.id,
        person_id=finding.person_id,
        facts=dict(finding.facts),
        text=WarningMessage(vi=words("vi", telling.vi), en=words("en", telling.en)),
    )
