"""Changes courses. In the same transaction it opens, changes or closes their seats."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.courses.rules import Command, Correct, Course, CourseDates, PlanCourse
from services.events.courses.courses.store import Courses
from services.events.programme.sessions.rules import Session
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import SeatOffer
from services.events.programme.ticket_kinds.service import Seats
from shared.contracts.events import CalledOff
from shared.mongo import Tx


class CourseService:
    def __init__(self, courses: Courses, sessions: Sessions, seats: Seats) -> None:
        self._courses = courses
        self._sessions = sessions
        self._seats = seats

    async def perform(
        self, tx: Tx, key: UUID, command: Command, now: datetime, *, expects: int | None = None
    ) -> Course:
        """Execute the command in the transaction.

        `expects` is the version that the caller has seen. Raises `PreconditionFailed` if the course
        has another version now, `NoAccount`, `QuotaUnknown`, and what courses/rules.py raises.
        """
        if isinstance(command, PlanCourse | Correct):
            self._seats.check_fees(command.facts.kinds)
        before = await self._courses.find(key, tx)
        after = await self._courses.apply(tx, before, command, now, expects=expects)
        if after == before or not after.published:
            return after
        if after.cancelled is not None:
            await self._seats.close(tx, key, CalledOff(reason=after.cancelled.reason, revision=0))
        else:
            await self._seats.open(tx, key, _offer(after))
        return after

    async def dates(self, course_id: UUID, tx: Tx | None = None) -> CourseDates | None:
        """From its first published session to its last. None if it has none."""
        return course_dates(await self._sessions.of_activity(course_id, tx))

    async def check_published(self, course_id: UUID) -> None:
        """Raises `CourseUnknown` if there is no such course or it is not published."""
        if not (await self._courses.get(course_id)).published:
            raise CourseUnknown


def _offer(course: Course) -> SeatOffer:
    facts = course.facts
    return SeatOffer(
        bookable_kind="course",
        capacity=facts.capacity,
        kinds=facts.kinds,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        starts_at=course.dates.starts_at if course.dates else None,
        ends_at=course.dates.ends_at if course.dates else None,
        largest=1,
    )


def course_dates(sessions: Sequence[Session]) -> CourseDates | None:
    if not sessions:
        return None
    ends = max(one.facts.ends_at for one in sessions)
    room = min(one.facts.capacity for one in sessions)
    first = sessions[0]
    return CourseDates(starts_at=first.facts.starts_at, ends_at=ends, place=first.place, room=room)
