"""Courses: several sessions that people enrol in as a whole."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, StringConstraints
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
from shared.http.access import MaybeSignedIn, SignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import KeyReused, MaybeIdempotencyKey
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["courses"])


class Enrolment(Schema):
    """What somebody asks for. Without a body: a general seat. People enrol alone."""

    model_config = ConfigDict(json_schema_extra=example({"kind": "general", "hold": True}))

    kind: TicketKind = TicketKind.GENERAL
    """The kind of ticket."""
    code: Annotated[str, StringConstraints(max_length=40)] | None = None
    """The access code, where this kind needs one."""
    hold: bool = False
    """Only keep the seat while the form is filled in; confirm it afterwards."""


@router.post(
    "/activities/{activity_id}/course",
    status_code=201,
    response_model=CourseView,
    responses=problems(ActivityUnknown, NotACourse, CourseExists, NoAccount),
)
async def create_course(
    activity_id: UUID,
    body: CourseFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    course_service: TheCourseService,
    execute: Execute,
) -> Response:
    """Make an activity of kind `course` one that people enrol in as a whole."""
    activity = await activities.get(activity_id)
    if activity.facts.kind is not ActivityKind.COURSE or await sessions.any_booked_alone(
        activity_id
    ):
        raise NotACourse
    command = PlanCourse(activity_id, activity.edition_id, activity.facts.title, body)
    return await execute(course_service, activity_id, command, CourseView.of, status=201)


@router.get("/editions/{edition_id}/courses")
async def list_courses(
    edition_id: UUID, who: MaybeSignedIn, courses: AllCourses, page: Paging
) -> Page[CourseView]:
    """An edition's published courses; for organisers also planned ones."""
    planned = who is not None and who.may(Role.ORGANISER)
    found, following = await courses.of_edition(edition_id, page, planned=planned)
    return Page(items=[CourseView.of(course) for course in found], next=following)


@router.get("/courses/{course_id}", response_model=CourseView, responses=problems(CourseUnknown))
async def read_course(course_id: UUID, who: MaybeSignedIn, courses: AllCourses) -> Response:
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
async def update_course(
    course_id: UUID,
    body: CourseFacts,
    who: Organiser,
    activities: AllActivities,
    courses: AllCourses,
    course_service: TheCourseService,
    execute: Execute,
) -> Response:
    """Replace what is said of a course.

    New seats go to those on the waiting list at once.
    """
    await courses.get(course_id)
    title = (await activities.get(course_id)).facts.title
    command = Correct(title, body, await course_service.dates(course_id))
    return await execute(course_service, course_id, command, CourseView.of, must_match=True)


@router.post(
    "/courses/{course_id}/publication",
    response_model=CourseView,
    responses=problems(
        CourseUnknown, CourseCancelled, NoSessions, TooManyForSessions, QuotaUnknown
    ),
)
async def publish_course(
    course_id: UUID, who: Organiser, course_service: TheCourseService, execute: Execute
) -> Response:
    """Show a course to everybody, and let people enrol from `opens_at` on.

    It needs a public session.
    """
    return await execute(
        course_service, course_id, Publish(await course_service.dates(course_id)), CourseView.of
    )


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
async def enrol_in_course(
    course_id: UUID,
    who: SignedIn,
    courses: AllCourses,
    registrations: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
    body: Enrolment | None = None,
) -> Response:
    """Take a seat in all sessions of a course, or the next number on its waiting list.

    The answer is a registration for the course. It is confirmed, cancelled and shown at the
    gate like any other.
    """
    if not (await courses.get(course_id)).published:
        raise CourseUnknown
    wanted = body or Enrolment()
    command = Register(
        new_id(), course_id, who.person_id, wanted.kind, 1, code=wanted.code, hold=wanted.hold
    )
    return (await registrations(command, status=201, idempotency_key=idempotency_key)).response()
