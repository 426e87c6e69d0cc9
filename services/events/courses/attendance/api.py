from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response

from services.events.booking.dependencies import OwnRegistration
from services.events.booking.registrations import errors as refused
from services.events.courses.attendance.errors import NotEnrolled, SessionElsewhere
from services.events.courses.attendance.rules import Mark
from services.events.courses.attendance.views import StandingView
from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.dependencies import AllCourses, TheAttendanceService
from services.events.dependencies import Organiser
from shared.http.access import SignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.roles import Role
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["courses"])


class Sheet(BaseModel):
    """A signed attendance sheet, or a correction of one. What was recorded before is kept."""

    session_id: UUID
    reference: Line  # which sheet, or why
    present: Annotated[tuple[UUID, ...], Field(max_length=1_000)] = ()  # registrations
    absent: Annotated[tuple[UUID, ...], Field(max_length=1_000)] = ()

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
    response_model=Sheet,
    responses=problems(CourseUnknown, SessionElsewhere, NotEnrolled, KeyReused),
)
async def record(
    course_id: UUID,
    body: Sheet,
    who: Organiser,
    attendances: TheAttendanceService,
    execute: Execute,
) -> Response:
    """Attendance as a signed sheet has it. It speaks against scans and against earlier sheets."""
    mark = Mark(True, body.reference, who.person_id, execute.now)

    async def work(tx: Tx) -> Reply:
        await attendances.record(tx, course_id, body.session_id, body.present, body.absent, mark)
        return reply(body, status=201)

    return await execute.idempotent(work)


@router.get("/courses/{course_id}/attendance", responses=problems(CourseUnknown))
async def attendance(
    course_id: UUID, who: Organiser, courses: AllCourses, attendances: TheAttendanceService
) -> list[StandingView]:
    """How everybody who is enrolled stands, by what is known at this moment."""
    percent = (await courses.get(course_id)).facts.minimum_percent
    found = await attendances.standings(course_id)
    return [StandingView.of(one, percent, makers=True) for one in found]


@router.get(
    "/registrations/{registration_id}/attendance",
    responses=problems(refused.RegistrationUnknown, CourseUnknown),
)
async def own_attendance(
    own: OwnRegistration, who: SignedIn, courses: AllCourses, attendances: TheAttendanceService
) -> StandingView:
    """How one stands in a course; who recorded it only organisers see."""
    standing = await attendances.standing(own)
    percent = (await courses.get(own.session_id)).facts.minimum_percent
    return StandingView.of(standing, percent, makers=who.may(Role.ORGANISER))
