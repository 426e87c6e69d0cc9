"""Forms: what a session asks of those who register, and their answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.events.booking.dependencies import (
    AllForms,
    AllRegistrations,
    LiveRegistration,
    OwnRegistration,
    TheFormService,
    TheRegistrationService,
)
from services.events.booking.forms.rules import (
    Answer,
    DescribeForm,
    FormUnknown,
    NotAsked,
    check_labels,
)
from services.events.booking.forms.views import Answered, AnswersGiven, FormFacts, FormView
from services.events.booking.registrations.errors import Closed, NotConfirmed, RegistrationUnknown
from services.events.booking.registrations.state import Answers, Registration
from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllSessions
from services.events.programme.sessions.rules import SessionIsCancelled, SessionUnknown
from shared.clock import now
from shared.errors import InvalidInput, PreconditionFailed, PreconditionRequired, Unavailable
from shared.forms import check_form
from shared.http.access import MaybeSignedIn, SignedIn
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["forms"])


@router.get(
    "/sessions/{session_id}/form",
    response_model=FormView,
    responses=problems(SessionUnknown, FormUnknown),
)
async def read_form(
    session_id: UUID,
    who: MaybeSignedIn,
    sessions: AllSessions,
    forms: AllForms,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="The version of the form.")
    ] = None,
) -> Response:
    """What a session asks; with `version`, what it asked then."""
    session = await sessions.get(session_id)
    if not (session.published or (who and who.may(Role.ORGANISER))):
        raise SessionUnknown
    current = await forms.get(session_id)
    found = current if version is None else await forms.version(session_id, version)
    return reply(FormView.of(found), version=found.version).response()


@router.put(
    "/sessions/{session_id}/form",
    response_model=FormView,
    responses=problems(SessionUnknown, InvalidInput, PreconditionFailed, PreconditionRequired),
)
async def update_form(
    session_id: UUID,
    body: FormFacts,
    who: Organiser,
    sessions: AllSessions,
    forms: AllForms,
    service: TheFormService,
    execute: Execute,
) -> Response:
    """Say what a session asks from now on.

    What was answered before stays, with the version that it answers. `If-Match` is needed once
    there is a form.
    """
    await sessions.get(session_id)
    for at, schema in (("questions", body.questions), ("follow_up", body.follow_up)):
        if schema is not None:
            check_form(schema, at)
            check_labels(schema, at)
    command = DescribeForm(session_id, body.questions, body.follow_up)
    there = await forms.find(session_id) is not None
    return await execute(service, session_id, command, FormView.of, must_match=there)


@router.get("/registrations/{registration_id}/answers", responses=problems(RegistrationUnknown))
async def read_answers(own: OwnRegistration) -> Answered:
    """What the holder has answered; for the holder and the organisers."""
    return Answered.of(own)


ANSWERING = problems(
    RegistrationUnknown,
    NotAsked,
    InvalidInput,
    Closed,
    SessionIsCancelled,
    NotConfirmed,
    Unavailable,
)


@router.put("/registrations/{registration_id}/answers", responses=ANSWERING)
async def update_answers(
    body: AnswersGiven,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    forms: AllForms,
    desk: TheRegistrationService,
) -> Answered:
    """Answer the questions, or change the answers until registration closes.

    If the seat was held or offered, confirm it afterwards.
    """
    given = await forms.checked(own.bookable_id, body.answers, now())
    return await _answered(own, who, given, registrations, desk, follow_up=False)


@router.put("/registrations/{registration_id}/follow-up", responses=ANSWERING)
async def answer_follow_up(
    body: AnswersGiven,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    forms: AllForms,
    desk: TheRegistrationService,
) -> Answered:
    """Answer what is asked once a registration is confirmed."""
    given = await forms.checked(own.bookable_id, body.answers, now(), follow_up=True)
    return await _answered(own, who, given, registrations, desk, follow_up=True)


@router.get("/sessions/{session_id}/answers", responses=problems(SessionUnknown))
async def list_answers(
    session_id: UUID,
    who: Organiser,
    sessions: AllSessions,
    registrations: AllRegistrations,
    page: Paging,
) -> Page[Answered]:
    """What those have answered who have a seat there or wait for one."""
    await sessions.get(session_id)
    found, following = await registrations.answered(session_id, page)
    return Page(items=[Answered.of(one) for one in found], next=following)


async def _answered(
    own: Registration,
    who: Principal,
    given: Answers,
    registrations: AllRegistrations,
    desk: TheRegistrationService,
    *,
    follow_up: bool,
) -> Answered:
    by_staff = own.person_id != who.person_id
    command = Answer(own.bookable_id, own.person_id, given, follow_up, by_staff)
    await desk(command, status=200, idempotency_key=None)
    return Answered.of(await registrations.get(own.id))
