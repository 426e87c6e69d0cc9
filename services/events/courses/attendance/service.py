"""Who attended a course: what scans and signed sheets say together."""

from collections.abc import Sequence
from uuid import UUID

from services.events.admission.scans.store import TicketScans
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from services.events.courses.attendance.errors import NotEnrolled, SessionElsewhere
from services.events.courses.attendance.rules import Mark, Standing, standings
from services.events.courses.attendance.store import AttendanceSheets
from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.courses.store import Courses
from services.events.programme.sessions.store import Sessions
from shared.audit import Audit
from shared.mongo import Tx


class AttendanceService:
    def __init__(
        self,
        courses: Courses,
        sessions: Sessions,
        registrations: Registrations,
        entries: TicketScans,
        sheets: AttendanceSheets,
        audit: Audit,
    ) -> None:
        self._courses = courses
        self._sessions = sessions
        self._registrations = registrations
        self._entries = entries
        self._sheets = sheets
        self._audit = audit

    async def standings(self, course_id: UUID, tx: Tx | None = None) -> list[Standing]:
        """Of all who are enrolled. Raises `CourseUnknown`."""
        await self._courses.get(course_id, tx)
        return await self._stand(course_id, await self._registrations.enrolled(course_id, tx), tx)

    async def standing(self, one: Registration) -> Standing:
        """Of one of them. Raises `CourseUnknown` if it is not in a course that they registered."""
        if await self._courses.find(one.session_id) is None:
            raise CourseUnknown
        return (await self._stand(one.session_id, [one], None))[0]

    async def record(
        self,
        tx: Tx,
        course_id: UUID,
        session_id: UUID,
        present: Sequence[UUID],
        absent: Sequence[UUID],
        mark: Mark,
    ) -> None:
        """A signed sheet of one session; the two lists are registrations.

        Raises `CourseUnknown`, `SessionElsewhere`, `NotEnrolled`.
        """
        await self._courses.get(course_id, tx)
        if session_id not in {one.id for one in await self._sessions.of_activity(course_id, tx)}:
            raise SessionElsewhere
        enrolled = {one.id: one for one in await self._registrations.enrolled(course_id, tx)}
        for keys, was_there in ((present, True), (absent, False)):
            for key in keys:
                if key not in enrolled:
                    raise NotEnrolled(registration_id=key)
                self._sheets.record(tx, enrolled[key], session_id, mark._replace(present=was_there))
        reference = mark.sheet
        self._audit.record(tx, "course.record", "course", course_id, mark.at, reason=reference)

    async def _stand(
        self, course_id: UUID, enrolled: Sequence[Registration], tx: Tx | None
    ) -> list[Standing]:
        held = [one.id for one in await self._sessions.of_activity(course_id, tx)]
        keys = [one.id for one in enrolled]
        admitted = await self._entries.admitted(keys, tx)
        return standings(enrolled, held, admitted, await self._sheets.marks(keys, tx))
