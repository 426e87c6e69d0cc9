"""What somebody pays for: a session, or a course as a whole."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.courses.courses.store import Courses
from services.events.programme.sessions.store import Sessions
from shared.mongo import Tx


class Bookable(NamedTuple):
    edition_id: UUID
    starts_at: datetime | None  # None: a course that has not been published
    ends_at: datetime | None


class BookableQueries:
    def __init__(self, sessions: Sessions, courses: Courses) -> None:
        self._sessions = sessions
        self._courses = courses

    async def find(self, owner_id: UUID, tx: Tx | None = None) -> Bookable | None:
        """What a registration is for, by its `session_id`."""
        session = await self._sessions.find(owner_id, tx)
        if session is not None:
            facts = session.facts
            return Bookable(session.edition_id, facts.starts_at, facts.ends_at)
        course = await self._courses.find(owner_id, tx)
        if course is None:
            return None
        if course.dates is None:
            return Bookable(course.edition_id, None, None)
        return Bookable(course.edition_id, course.dates.starts_at, course.dates.ends_at)
