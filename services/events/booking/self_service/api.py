"""Registrations: taking a seat in a session, or waiting for one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints
from starlette.responses import Response

from services.events.booking.dependencies import (
    AllForms,
    AllRegistrations,
    OwnRegistration,
    TheClashQueries,
    TheRegistrationService,
)
from services.events.booking.forms.rules import NotAsked
from services.events.booking.registrations.commands import Cancel, Confirm, Register
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    Closed,
    CodeWrong,
    Expired,
    GroupTooLarge,
    KindUnknown,
    NothingToConfirm,
    NotOpen,
    RegistrationUnknown,
)
from services.events.booking.registrations.state import Ending
from services.events.booking.registrations.views import RegistrationView, view
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import now
from shared.errors import InvalidInput, Unavailable
from shared.http.access import SignedIn
from shared.http.execute import reply
from shared.http.idempotency import KeyReused, MaybeIdempotencyKey
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.json_object import JsonObject
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["registrations"])


class RegistrationRequest(Schema):
    """What somebody asks for. Without a body: one general seat."""

    model_config = ConfigDict(
        json_schema_extra=example({"kind": "general", "size": 2, "answers": {"t_shirt": "M"}})
    )

    kind: TicketKind = TicketKind.GENERAL
    """The kind of ticket."""
    size: Annotated[int, Field(ge=1, le=50)] = 1
    """How many people come, the holder included: all of them or none."""
    code: Annotated[str, StringConstraints(max_length=40)] | None = None
    """The access code, where this kind needs one."""
    hold: bool = False
    """Only keep the seat while the form is filled in; confirm it afterwards."""
    answers: JsonObject | None = None
    """Answers to what the session asks."""


@router.post(
    "/sessions/{session_id}/registrations",
    status_code=201,
    response_model=RegistrationView,
    responses=problems(
        SessionUnknown,
        AlreadyRegistered,
        NotOpen,
        Closed,
        KindUnknown,
        CodeWrong,
        AnswersNeeded,
        NotAsked,
        InvalidInput,
        GroupTooLarge,
        KeyReused,
        Unavailable,
    ),
)
async def register_for_session(
    session_id: UUID,
    who: SignedIn,
    forms: AllForms,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
    wish: RegistrationRequest | None = None,
) -> Response:
    """Take a seat, or, when all are taken, the next number on the waiting list.

    Where the session asks something, either answer it at once, or hold the seat, answer, and
    confirm.
    """
    wish = wish or ONE_PLACE
    answers = None
    if wish.answers is not None:
        answers = await forms.checked(session_id, wish.answers, now())
    command = Register(
        new_id(), session_id, who.person_id, wish.kind, wish.size, wish.code, wish.hold, answers
    )
    return (await desk(command, status=201, idempotency_key=idempotency_key)).response()


ONE_PLACE = RegistrationRequest()


@router.get("/registrations")
async def list_my_registrations(
    who: SignedIn, registrations: AllRegistrations, clashes: TheClashQueries, page: Paging
) -> Page[RegistrationView]:
    """One's own registrations, the latest first, each with the sessions that it clashes with."""
    found, following = await registrations.of_person(who.person_id, page)
    clashing = await clashes.of([(one.bookable_id, one.person_id) for one in found if one.live])
    items = [
        view(
            one,
            await registrations.waiting_before(one),
            clashing.get((one.bookable_id, one.person_id), ()) if one.live else (),
        )
        for one in found
    ]
    return Page(items=items, next=following)


@router.get(
    "/registrations/{registration_id}",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown),
)
async def read_registration(
    own: OwnRegistration, registrations: AllRegistrations, clashes: TheClashQueries
) -> Response:
    """A registration; for its holder and the organisers."""
    pair = own.bookable_id, own.person_id
    clashing = await clashes.of([pair] if own.live else [])
    ahead = await registrations.waiting_before(own)
    return reply(view(own, ahead, clashing.get(pair, ())), version=own.version).response()


@router.post(
    "/registrations/{registration_id}/confirmation",
    response_model=RegistrationView,
    responses=problems(
        RegistrationUnknown, NothingToConfirm, Expired, AnswersNeeded, KeyReused, Unavailable
    ),
)
async def confirm_registration(
    own: OwnRegistration, desk: TheRegistrationService, idempotency_key: MaybeIdempotencyKey
) -> Response:
    """Confirm a seat that is held, or accept one that is offered."""
    return (
        await desk(
            Confirm(own.bookable_id, own.person_id), status=200, idempotency_key=idempotency_key
        )
    ).response()


@router.post(
    "/registrations/{registration_id}/cancellation",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, AlreadyAdmitted, KeyReused, Unavailable),
)
async def cancel_registration(
    own: OwnRegistration,
    who: SignedIn,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Give the seat up. It goes to the first on the waiting list at the same moment."""
    by = Ending.HOLDER if who.person_id == own.person_id else Ending.STAFF
    command = Cancel(own.bookable_id, own.person_id, by)
    return (await desk(command, status=200, idempotency_key=idempotency_key)).response()
