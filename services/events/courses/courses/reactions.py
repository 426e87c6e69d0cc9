"""Keeps courses in step with their sessions. The service consumes its own events for this."""

from uuid import UUID

from services.events.courses.courses.rules import UpdateDates
from services.events.courses.courses.service import CourseService
from services.events.courses.courses.store import Courses
from services.events.programme.sessions.store import Sessions
from shared.bus.subscriptions import Delivery
from shared.contracts.events import SessionCancelled, SessionPublished


class CourseReactions:
    def __init__(self, courses: Courses, sessions: Sessions, service: CourseService) -> None:
        self._courses = courses
        self._sessions = sessions
        self._service = service

    async def session_published(self, event: SessionPublished, delivery: Delivery) -> None:
        """A course starts and ends with its sessions.

        The sessions are read again, so the order of the events does not matter.
        """
        await self._update_dates(event.session_id, delivery)

    async def session_cancelled(self, event: SessionCancelled, delivery: Delivery) -> None:
        """A course is cancelled with the last of its sessions."""
        await self._update_dates(event.session_id, delivery)

    async def _update_dates(self, session_id: UUID, delivery: Delivery) -> None:
        session = await self._sessions.find(session_id, delivery.tx)
        if session is None or not session.of_course:
            return
        course_id = session.activity_id
        if await self._courses.find(course_id, delivery.tx) is None:
            return
        reason = session.cancelled.reason if session.cancelled else None
        command = UpdateDates(await self._service.dates(course_id, delivery.tx), reason)
        await self._service.perform(delivery.tx, course_id, command, delivery.now)
