"""A course: an activity of kind `course`, whose sessions one enrols in as a whole.

A course has its activity's id. It owns places as a session does, so enrolment is a registration
like any other, in the course in place of a session: kinds, codes, approval, offers and the waiting
list work as they do everywhere, and the same book keeps it from being oversold. The ticket of that
one registration opens each of the course's sessions, which own no places themselves.
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
from shared.text import Localized


class CourseFacts(BaseModel):
    """Who teaches, how many may enrol and when, and how much one must attend."""

    model_config = ConfigDict(frozen=True)

    trainers: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]
    """People of the registry."""
    capacity: Annotated[int, Field(ge=0, le=1_000)]
    opens_at: Moment
    closes_at: Moment
    kinds: Annotated[tuple[TicketKindFacts, ...], Field(min_length=1, max_length=5)] = (
        TicketKindFacts(),
    )
    minimum_percent: Annotated[int, Field(ge=1, le=100)] = 80
    """Of its sessions; who attends as many gets a certificate."""

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
    """From the first of its sessions to the last, where it begins, and the smallest of them."""

    model_config = ConfigDict(frozen=True)

    starts_at: datetime
    ends_at: datetime
    place: Place
    room: int


class Course(Aggregate):
    edition_id: UUID
    title: Localized
    facts: CourseFacts
    published: bool = False
    dates: CourseDates | None = None  # as others were told of them last
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
    """`title` is the activity's, looked up for this command; so is what is in `Publish`."""

    title: Localized
    facts: CourseFacts
    dates: CourseDates | None


@dataclass(frozen=True, slots=True)
class Publish:
    dates: CourseDates | None


@dataclass(frozen=True, slots=True)
class Redate:
    """One of its sessions is held at another time or place, or is not held."""

    dates: CourseDates | None
    reason: Localized | None = None  # of the cancellation, if it is one


Command = PlanCourse | Correct | Publish | Redate


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
        if isinstance(command, Redate):
            return Decision(course)
        raise CourseCancelled
    match command:
        case Correct():
            after = course.changed(title=command.title, facts=command.facts, changed_at=now)
            if after.changed(changed_at=course.changed_at) == course:
                return Decision(course)
            if not after.published:
                return Decision(after)
            dates = _large_enough(after, command.dates)
            return Decision(after.changed(dates=dates), (_published(after, dates),))
        case Publish():
            if course.published:
                return Decision(course)
            dates = _large_enough(course, command.dates)
            after = course.changed(published=True, dates=dates, changed_at=now)
            return Decision(after, (_published(after, dates),))
        case Redate():
            if not course.published or command.dates == course.dates:
                return Decision(course)
            if command.dates is None:
                return Decision(_cancelled(course, command.reason, now))
            after = course.changed(dates=command.dates, changed_at=now)
            return Decision(after, (_published(after, command.dates),))
        case _:
            assert_never(command)


def _cancelled(course: Course, reason: Localized | None, now: datetime) -> Course:
    """With the last of its sessions. Whoever is enrolled hears of it, one by one."""
    if reason is None:
        return course
    after: Course = course.changed(cancelled=Cancellation(at=now, reason=reason), changed_at=now)
    return after


def _large_enough(course: Course, dates: CourseDates | None) -> CourseDates:
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
