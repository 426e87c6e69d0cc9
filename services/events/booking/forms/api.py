import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, model_validator
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
    Form,
    FormUnknown,
    NotAsked,
    check_labels,
)
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
from shared.json_object import JsonObject, canonical_json
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["forms"])
LONGEST = 50_000  # characters of a form, or of answers, as canonical JSON


class FormFacts(BaseModel):
    """JSON Schemas (2020-12) of type object, in which each property has `labels` in vi and en.

    `questions` are answered before a registration is confirmed, `follow_up` afterwards. Without
    either, nothing is asked any more.
    """

    questions: JsonObject | None = None
    follow_up: JsonObject | None = None

    @model_validator(mode="after")
    def _short(self) -> "FormFacts":
        if any(len(canonical_json(part)) > LONGEST for part in (self.questions, self.follow_up)):
            raise ValueError(f"longer than {LONGEST} characters")
        return self


class FormView(FormFacts):
    session_id: UUID
    version: int  # what answers are kept with

    @classmethod
    def of(cls, form: Form) -> "FormView":
        return cls(
            session_id=form.id,
            version=form.version,
            questions=form.questions,
            follow_up=form.follow_up,
        )


class AnswersGiven(BaseModel):
    answers: JsonObject

    @model_validator(mode="after")
    def _short(self) -> "AnswersGiven":
        if len(canonical_json(self.answers)) > LONGEST:
            raise ValueError(f"longer than {LONGEST} characters")
        return self


class AnswersView(BaseModel):
    version: int  # of the form that they answer
    answers: dict[str, Any]
    given_at: datetime

    @classmethod
    def of(cls, given: Answers | None) -> "AnswersView | None":
        if given is None:
            return None
        return cls(version=given.version, answers=json.loads(given.content), given_at=given.at)


class Answered(BaseModel):
    registration_id: UUID
    questions: AnswersView | None
    follow_up: AnswersView | None

    @classmethod
    def of(cls, one: Registration) -> "Answered":
        return cls(
            registration_id=one.id,
            questions=AnswersView.of(one.answers),
            follow_up=AnswersView.of(one.follow_up),
        )


@router.get(
    "/sessions/{session_id}/form",
    response_model=FormView,
    responses=problems(SessionUnknown, FormUnknown),
)
async def form(
    session_id: UUID,
    who: MaybeSignedIn,
    sessions: AllSessions,
    forms: AllForms,
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
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
async def ask(
    session_id: UUID,
    body: FormFacts,
    who: Organiser,
    sessions: AllSessions,
    forms: AllForms,
    service: TheFormService,
    execute: Execute,
) -> Response:
    """Ask this from now on. What was answered before stays, with the version that it answers.

    `If-Match` once there is a form.
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
async def answers(own: OwnRegistration) -> Answered:
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
async def answer(
    body: AnswersGiven,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    forms: AllForms,
    desk: TheRegistrationService,
) -> Answered:
    """Answer the questions, or change the answers until registration closes. Then confirm, if the
    place was held or offered."""
    given = await forms.checked(own.bookable_id, body.answers, now())
    return await _answered(own, who, given, registrations, desk, follow_up=False)


@router.put("/registrations/{registration_id}/follow-up", responses=ANSWERING)
async def follow_up(
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
async def all_answers(
    session_id: UUID,
    who: Organiser,
    sessions: AllSessions,
    registrations: AllRegistrations,
    page: Paging,
) -> Page[Answered]:
    """What those who have, or await, a place there have answered."""
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
