"""A course: an activity of kind `course` whose sessions people book as a whole.

A course has the id of its activity. People book the course, not its sessions. An enrolment is an
ordinary registration for the course: kinds of ticket, codes, approval, offers and the waiting list
work as for a session. Its ticket lets the person into each session of the course once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.events.courses.courses.errors import (
    CourseCancelled,
    CourseExists,
    CourseUnknown,
    NoSessions,
    TooManyForSessions,
)
from services.events.programme.editions.rules import Cancellation
from services.events.programme.ticket_kinds.rules import TicketKindFacts
from services.events.programme.venues.state import Place
from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.events import CoursePublished
from shared.schema import Schema, example
from shared.text import Localized


class CourseFacts(Schema):
    """Who teaches, how many may enrol and when, and how much one must attend."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "trainers": ["0199f3a2-6e75-7f67-92a3-b4c5d6e7f809"],
                "capacity": 20,
                "opens_at": "2026-10-01T02:00:00Z",
                "closes_at": "2026-11-05T10:00:00Z",
                "kinds": [{"kind": "general", "fee": 800000}],
                "minimum_percent": 80,
            }
        ),
    )

    trainers: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    """Ids of the people who teach."""
    capacity: Annotated[int, Field(ge=0, le=1_000)]
    """How many may enrol."""
    opens_at: Moment
    """From when people can enrol: RFC 3339, in UTC."""
    closes_at: Moment
    """Until when people can enrol: RFC 3339, in UTC."""
    kinds: Annotated[tuple[TicketKindFacts, ...], Field(min_length=1, max_length=5)] = (
        TicketKindFacts(),
    )
    """The kinds of ticket that there are, each once."""
    minimum_percent: Annotated[int, Field(ge=1, le=100)] = 80
    """So much of its sessions, in per cent, one must attend for a certificate."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise ValueError("closes_at is not after opens_at")
        if len({kind.kind for kind in self.kinds}) < len(self.kinds):
            raise ValueError("a kind of ticket is named twice")
        if len(set(self.trainers)) < len(self.trainers):
            raise ValueError("a trainer is named twice")
        return self


class CourseDates(BaseModel):
    """What a course takes from its sessions."""

    model_config = ConfigDict(frozen=True)

    starts_at: datetime  # of the first session
    ends_at: datetime  # of the last session
    place: Place  # of the first session
    room: int  # the smallest capacity of a session


class Course(Aggregate):
    edition_id: UUID
    title: Localized
    facts: CourseFacts
    published: bool = False
    dates: CourseDates | None = None  # as they were last published
    cancelled: Cancellation | None = None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PlanCourse:
    course_id: UUID
    edition_id: UUID
    title: Localized
    facts: CourseFacts


@dataclass(frozen=True, slots=True)
class Correct:
    """`title` comes from the activity and `dates` from the sessions, as they are now."""

    title: Localized
    facts: CourseFacts
    dates: CourseDates | None


@dataclass(frozen=True, slots=True)
class Publish:
    dates: CourseDates | None


@dataclass(frozen=True, slots=True)
class UpdateDates:
    """A session of the course has moved or was cancelled."""

    dates: CourseDates | None
    reason: Localized | None = None  # of the cancellation, if a session was cancelled


Command = PlanCourse | Correct | Publish | UpdateDates


def decide(course: Course | None, command: Command, now: datetime) -> Decision[Course]:
    if isinstance(command, PlanCourse):
        if course is not None:
            raise CourseExists
        return Decision(
            Course(
                id=command.course_id,
                edition_id=command.edition_id,
                title=command.title,
                facts=command.facts,
                changed_at=now,
            )
        )
    if course is None:
        raise CourseUnknown
    if course.cancelled is not None:
        if isinstance(command, UpdateDates):
            return Decision(course)
        raise CourseCancelled
    match command:
        case Correct():
            after = course.changed(title=command.title, facts=command.facts, changed_at=now)
            if after.changed(changed_at=course.changed_at) == course:
                return Decision(course)
            if not after.published:
                return Decision(after)
            dates = _check_capacity(after, command.dates)
            return Decision(after.changed(dates=dates), (_published(after, dates),))
        case Publish():
            if course.published:
                return Decision(course)
            dates = _check_capacity(course, command.dates)
            after = course.changed(published=True, dates=dates, changed_at=now)
            return Decision(after, (_published(after, dates),))
        case UpdateDates():
            if not course.published or command.dates == course.dates:
                return Decision(course)
            if command.dates is None:
                return Decision(_cancelled(course, command.reason, now))
            after = course.changed(dates=command.dates, changed_at=now)
            return Decision(after, (_published(after, command.dates),))
        case _:
            assert_never(command)


def _cancelled(course: Course, reason: Localized | None, now: datetime) -> Course:
    """Cancelled with the last of its sessions. Each enrolment is ended afterwards."""
    if reason is None:
        return course
    return course.changed(cancelled=Cancellation(at=now, reason=reason), changed_at=now)


def _check_capacity(course: Course, dates: CourseDates | None) -> CourseDates:
    if dates is None:
        raise NoSessions
    if course.facts.capacity > dates.room:
        raise TooManyForSessions(session_capacity=dates.room)
    return dates


def _published(course: Course, dates: CourseDates) -> CoursePublished:
    return CoursePublished(
        course_id=course.id,
        edition_id=course.edition_id,
        title=course.title,
        starts_at=dates.starts_at,
        ends_at=dates.ends_at,
        venue=dates.place.name,
        address=dates.place.address,
        capacity=course.facts.capacity,
    )
