"""Attendance of courses, by signed sheets and by the scans at the gates."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, model_validator
from starlette.responses import Response

from services.events.booking.dependencies import OwnRegistration
from services.events.booking.registrations import errors as refused
from services.events.courses.attendance.errors import NotEnrolled, SessionElsewhere
from services.events.courses.attendance.rules import AttendanceMark
from services.events.courses.attendance.views import CourseAttendanceView
from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.dependencies import AllCourses, TheAttendanceService
from services.events.dependencies import Organiser
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.roles import Role
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["attendance"])


class AttendanceSheet(Schema):
    """A signed attendance sheet, or a correction of one. Earlier sheets are kept."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "reference": "Phiếu điểm danh 12/11",
                "present": ["0199f3a2-8d10-7c35-a2b4-91f6d0c7e583"],
                "absent": ["0199f3a2-8d10-7c36-83c5-a207e1d8f694"],
            }
        )
    )

    session_id: UUID
    """A session of the course."""
    reference: Line
    """Which sheet it is, or why it is corrected."""
    present: Annotated[tuple[UUID, ...], Field(max_length=1_000)] = ()
    """Registrations whose holders were there."""
    absent: Annotated[tuple[UUID, ...], Field(max_length=1_000)] = ()
    """Registrations whose holders were not there."""

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        named = (*self.present, *self.absent)
        if len(set(named)) < len(named):
            raise ValueError("somebody is named twice")
        if not named:
            raise ValueError("nobody is named")
        return self


@router.post(
    "/courses/{course_id}/sheets",
    status_code=201,
    response_model=AttendanceSheet,
    responses=problems(CourseUnknown, SessionElsewhere, NotEnrolled, KeyReused),
)
async def record_attendance(
    course_id: UUID,
    body: AttendanceSheet,
    who: Organiser,
    attendances: TheAttendanceService,
    execute: Execute,
) -> Response:
    """Record attendance as a signed sheet has it.

    It counts more than scans and than earlier sheets.
    """
    mark = AttendanceMark(True, body.reference, who.person_id, execute.now)

    async def work(tx: Tx) -> Reply:
        await attendances.record(tx, course_id, body.session_id, body.present, body.absent, mark)
        return reply(body, status=201)

    return await execute.idempotent(work)


@router.get("/courses/{course_id}/attendance", responses=problems(CourseUnknown))
async def list_attendance(
    course_id: UUID, who: Organiser, courses: AllCourses, attendances: TheAttendanceService
) -> list[CourseAttendanceView]:
    """How much of a course everybody who is enrolled has attended, as it is known now."""
    percent = (await courses.get(course_id)).facts.minimum_percent
    found = await attendances.of_course(course_id)
    return [CourseAttendanceView.of(one, percent, show_recorder=True) for one in found]


@router.get(
    "/registrations/{registration_id}/attendance",
    responses=problems(refused.RegistrationUnknown, CourseUnknown),
)
async def read_attendance(
    own: OwnRegistration, who: SignedIn, courses: AllCourses, attendances: TheAttendanceService
) -> CourseAttendanceView:
    """How much of a course one has attended.

    Only organisers see who recorded it.
    """
    attendance = await attendances.of_registration(own)
    percent = (await courses.get(own.bookable_id)).facts.minimum_percent
    return CourseAttendanceView.of(attendance, percent, show_recorder=who.may(Role.ORGANISER))
