from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints
from starlette.responses import Response

from services.events.booking.dependencies import TheRegistrationService
from services.events.booking.registrations import errors as refused
from services.events.booking.registrations.commands import Register
from services.events.booking.registrations.views import RegistrationView
from services.events.courses.courses.errors import (
    CourseCancelled,
    CourseExists,
    CourseUnknown,
    NoSessions,
    NotACourse,
    TooManyForSessions,
)
from services.events.courses.courses.rules import Correct, CourseFacts, PlanCourse, Publish
from services.events.courses.courses.views import CourseView
from services.events.courses.dependencies import AllCourses, TheCourseService
from services.events.dependencies import Organiser
from services.events.programme.activities.rules import ActivityKind, ActivityUnknown
from services.events.programme.dependencies import AllActivities, AllSessions
from services.events.programme.sessions.rules import SessionIsCancelled
from services.events.programme.ticket_kinds.errors import NoAccount, QuotaUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.errors import PreconditionFailed, PreconditionRequired, Unavailable
from shared.http.access import SignedIn, Visitor
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, MaybeIdempotent
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["courses"])


class Enrolment(BaseModel):
    """What somebody asks for. Without a body: a general place. One enrols alone."""

    kind: TicketKind = TicketKind.GENERAL
    code: Annotated[str, StringConstraints(max_length=40)] | None = None
    hold: bool = False  # keep the place while the form is filled in; then confirm


@router.post(
    "/activities/{activity_id}/course",
    status_code=201,
    response_model=CourseView,
    responses=problems(ActivityUnknown, NotACourse, CourseExists, NoAccount),
)
async def plan(
    activity_id: UUID,
    body: CourseFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    office: TheCourseService,
    execute: Execute,
) -> Response:
    """Make an activity of kind `course` one that people enrol in as a whole."""
    activity = await activities.get(activity_id)
    if activity.facts.kind is not ActivityKind.COURSE or await sessions.stand_alone(activity_id):
        raise NotACourse
    command = PlanCourse(activity_id, activity.edition_id, activity.facts.title, body)
    return await execute(office, activity_id, command, CourseView.of, status=201)


@router.get("/editions/{edition_id}/courses")
async def browse(
    edition_id: UUID, who: Visitor, courses: AllCourses, page: Paging
) -> Page[CourseView]:
    """An edition's published courses; for organisers also planned ones."""
    planned = who is not None and who.may(Role.ORGANISER)
    found, following = await courses.of_edition(edition_id, page, planned=planned)
    return Page(items=[CourseView.of(course) for course in found], next=following)


@router.get("/courses/{course_id}", response_model=CourseView, responses=problems(CourseUnknown))
async def read(course_id: UUID, who: Visitor, courses: AllCourses) -> Response:
    """A published course; for organisers also one that is planned."""
    course = await courses.get(course_id)
    if not (course.published or (who and who.may(Role.ORGANISER))):
        raise CourseUnknown
    return reply(CourseView.of(course), version=course.version).response()


@router.put(
    "/courses/{course_id}",
    response_model=CourseView,
    responses=problems(
        CourseUnknown,
        CourseCancelled,
        NoSessions,
        TooManyForSessions,
        QuotaUnknown,
        NoAccount,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def correct(
    course_id: UUID,
    body: CourseFacts,
    who: Organiser,
    activities: AllActivities,
    courses: AllCourses,
    office: TheCourseService,
    execute: Execute,
) -> Response:
    """Replace a course's facts. New places go to those in line at once."""
    await courses.get(course_id)
    title = (await activities.get(course_id)).facts.title
    command = Correct(title, body, await office.dates(course_id))
    return await execute(office, course_id, command, CourseView.of, must_match=True)


@router.post(
    "/courses/{course_id}/publication",
    response_model=CourseView,
    responses=problems(
        CourseUnknown, CourseCancelled, NoSessions, TooManyForSessions, QuotaUnknown
    ),
)
async def publish(
    course_id: UUID, who: Organiser, office: TheCourseService, execute: Execute
) -> Response:
    """Show it to everybody and let people enrol from `opens_at` on. It needs a public session."""
    return await execute(office, course_id, Publish(await office.dates(course_id)), CourseView.of)


@router.post(
    "/courses/{course_id}/enrolments",
    status_code=201,
    response_model=RegistrationView,
    responses=problems(
        CourseUnknown,
        refused.AlreadyRegistered,
        refused.NotOpen,
        refused.Closed,
        refused.KindUnknown,
        refused.CodeWrong,
        SessionIsCancelled,
        KeyReused,
        Unavailable,
    ),
)
async def enrol(
    course_id: UUID,
    who: SignedIn,
    courses: AllCourses,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotent,
    body: Enrolment | None = None,
) -> Response:
    """Take a place in all sessions of a course, or the next number in its line.

    The answer is a registration whose `session_id` is the course's; it is confirmed, cancelled and
    shown at the gate as any other.
    """
    if not (await courses.get(course_id)).published:
        raise CourseUnknown
    wish = body or Enrolment()
    command = Register(
        new_id(), course_id, who.person_id, wish.kind, 1, code=wish.code, hold=wish.hold
    )
    return (await desk(command, status=201, idempotency_key=idempotency_key)).response()
