"""The plan of an edition, and the warnings about it.

Warnings forbid nothing. Organisers plan freely, and see at any moment what is impossible, what is
likely to cause trouble, and what is still missing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from pydantic import ConfigDict

from services.events.programme.activities.rules import Activity
from services.events.programme.availability.rules import Interval
from services.events.programme.sessions.hosts import DefaultHosts
from services.events.programme.venue_settings.rules import Room, VenueSettingsFacts
from services.events.programme.venue_settings.travel import Pace, Travel
from services.events.programme.venues.state import Venue
from services.events.scheduling.warnings.intervals import Span
from services.events.scheduling.warnings.wording import MESSAGES, Severity, WarningCode
from shared.schema import Schema, example
from shared.text import Language, Localized


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session as it is planned now, with its draft. A plan leaves cancelled ones out."""

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
    def uses_venue(self) -> bool:
        """True on site; for an online session, only if it names a room."""
        return not self.online or self.room_id is not None

    @property
    def span(self) -> Span["PlannedSession"]:
        return Span(self.starts_at, self.ends_at, self)


@dataclass(frozen=True)
class Plan:
    """All that is planned in an edition, and what is known of its venues and people."""

    first_day: date
    last_day: date
    sessions: Sequence[PlannedSession]
    activities: Mapping[UUID, Activity]
    venues: Mapping[UUID, Venue] = field(default_factory=dict)
    rooms: Mapping[UUID, Room] = field(default_factory=dict)
    venue_settings: Mapping[UUID, VenueSettingsFacts] = field(default_factory=dict)  # by venue
    hosts: DefaultHosts = field(default_factory=DefaultHosts)
    available: Mapping[UUID, Sequence[Interval]] = field(default_factory=dict)  # by person
    pace: Pace = field(default_factory=Pace)

    @cached_property
    def travel(self) -> Travel:
        return Travel(self.venue_settings, self.pace)

    @cached_property
    def with_rooms(self) -> set[UUID]:
        """The ids of the venues that have rooms."""
        return {room.venue_id for room in self.rooms.values()}

    def room(self, session: PlannedSession) -> Room | None:
        """The room that the session names; None if its venue has no such room."""
        room = self.rooms.get(session.room_id) if session.room_id else None
        return room if room and room.venue_id == session.venue_id else None

    def occupied(self, session: PlannedSession) -> Span[PlannedSession]:
        """Its time with setting up and striking; its room may need longer for both."""
        room = self.room(session)
        setup = timedelta(minutes=room.facts.setup_minutes) if room else timedelta()
        strike = timedelta(minutes=room.facts.strike_minutes) if room else timedelta()
        return Span(
            session.starts_at - max(session.setup, setup),
            session.ends_at + max(session.strike, strike),
            session,
        )

    def people(self, session: PlannedSession) -> Sequence[UUID]:
        """Who has to be there: its hosts."""
        return self.hosts.of(session.activity_id, session.hosts)

    def by_person(self) -> dict[UUID, list[PlannedSession]]:
        found: defaultdict[UUID, list[PlannedSession]] = defaultdict(list)
        for session in self.sessions:
            for person in self.people(session):
                found[person].append(session)
        return found

    def place(self, session: PlannedSession, language: Language) -> str:
        """The names of its room and venue."""
        venue, room = self.venues.get(session.venue_id), self.room(session)
        name = venue.name.in_(language) if venue else "?"
        return f"{room.facts.name.in_(language)}, {name}" if room else name


@dataclass(frozen=True, slots=True)
class FoundWarning:
    """One thing that is wrong. `facts`: the figures of its message. `minutes` are rounded up: how
    long two things overlap, or how many minutes are missing."""

    code: WarningCode
    sessions: tuple[PlannedSession, ...]  # in order of time
    facts: Mapping[str, int | str]
    person_id: UUID | None = None  # who cannot be there
    activity: Activity | None = None  # whose own texts and people are missing

    @property
    def severity(self) -> Severity:
        return MESSAGES[self.code].severity


def session_warning(
    code: WarningCode,
    session: PlannedSession,
    after: PlannedSession | None = None,
    *,
    person_id: UUID | None = None,
    **facts: int | str,
) -> FoundWarning:
    """A warning about this session, and perhaps about an earlier one (`after`)."""
    sessions = (session,) if after is None else (after, session)
    return FoundWarning(code, sessions, facts, person_id)


FoundWarnings = Iterator[FoundWarning]


class WarningMessage(Schema):
    """What is wrong, as organisers read it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "vi": "Hai phiên dùng Xưởng 2 cùng lúc.",
                "en": "Two sessions take Workshop 2 at the same time.",
            }
        )
    )

    vi: str
    """In Vietnamese."""
    en: str
    """In English."""


class PlanWarning(Schema):
    """Something that is wrong with a programme."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "code": "room_overlap",
                "severity": "error",
                "session_ids": [
                    "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                    "0199f3a2-3b42-7c34-9e6f-708192a3b4c5",
                ],
                "activity_id": None,
                "person_id": None,
                "facts": {"minutes": 30},
                "text": {
                    "vi": "Hai phiên dùng Xưởng 2 cùng lúc.",
                    "en": "Two sessions take Workshop 2 at the same time.",
                },
            }
        ),
    )

    code: WarningCode
    """What is wrong, for programs."""
    severity: Severity
    """`error`: it cannot be held so; `warning`: it will hardly go well; `note`: something is still
    to be done."""
    session_ids: list[UUID]
    """Ids of the sessions that have a part in it."""
    activity_id: UUID | None
    """The activity that it is about."""
    person_id: UUID | None
    """The person that it is about."""
    facts: dict[str, int | str]
    """Its figures, by name."""
    text: WarningMessage
    """What is wrong, for people."""


def plan_warning(plan: Plan, found: FoundWarning) -> PlanWarning:
    """The warning with its message in both languages."""
    message, activity = MESSAGES[found.code], found.activity

    def fill(language: Language, template: str) -> str:
        if activity is not None:
            return template.format(title=activity.facts.title.in_(language))
        session = found.sessions[-1]
        return template.format(
            title=session.title.in_(language),
            other=found.sessions[0].title.in_(language),
            place=plan.place(session, language),
            **found.facts,
        )

    return PlanWarning(
        code=found.code,
        severity=message.severity,
        session_ids=[session.id for session in found.sessions],
        activity_id=activity and activity.id,
        person_id=found.person_id,
        facts=dict(found.facts),
        text=WarningMessage(vi=fill("vi", message.vi), en=fill("en", message.en)),
    )
