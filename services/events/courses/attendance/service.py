"""Who attended a course: joins the scans at the gates with the signed sheets."""

from collections.abc import Sequence
from uuid import UUID

from services.events.admission.scans.store import TicketScans
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from services.events.courses.attendance.errors import NotEnrolled, SessionElsewhere
from services.events.courses.attendance.rules import (
    AttendanceMark,
    CourseAttendance,
    course_attendances,
)
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
        scans: TicketScans,
        sheets: AttendanceSheets,
        audit: Audit,
    ) -> None:
        self._courses = courses
        self._sessions = sessions
        self._registrations = registrations
        self._scans = scans
        self._sheets = sheets
        self._audit = audit

    async def of_course(self, course_id: UUID, tx: Tx | None = None) -> list[CourseAttendance]:
        """The attendance of all who are enrolled. Raises `CourseUnknown`."""
        await self._courses.get(course_id, tx)
        return await self._attendances(
            course_id, await self._registrations.enrolled(course_id, tx), tx
        )

    async def of_registration(self, one: Registration) -> CourseAttendance:
        """The attendance of one of them. Raises `CourseUnknown` if it is not for a course."""
        if await self._courses.find(one.bookable_id) is None:
            raise CourseUnknown
        return (await self._attendances(one.bookable_id, [one], None))[0]

    async def record(
        self,
        tx: Tx,
        course_id: UUID,
        session_id: UUID,
        present: Sequence[UUID],
        absent: Sequence[UUID],
        mark: AttendanceMark,
    ) -> None:
        """Record a signed sheet of one session. `present` and `absent` are registrations.

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

    async def _attendances(
        self, course_id: UUID, enrolled: Sequence[Registration], tx: Tx | None
    ) -> list[CourseAttendance]:
        held = [one.id for one in await self._sessions.of_activity(course_id, tx)]
        keys = [one.id for one in enrolled]
        admitted = await self._scans.admitted(keys, tx)
        return course_attendances(enrolled, held, admitted, await self._sheets.marks(keys, tx))
