from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from services.events.booking.changes.errors import Blocked, CostsMore, NoSeatsLeft, StaffOnly
from services.events.booking.changes.rules import ChangeRegistration, MoveRegistration
from services.events.booking.dependencies import (
    AllForms,
    AllRegistrations,
    LiveRegistration,
    OwnRegistration,
    TheClashQueries,
    TheRegistrationService,
)
from services.events.booking.forms.rules import NotAsked
from services.events.booking.registrations.commands import Register
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    Closed,
    CodeWrong,
    GroupTooLarge,
    KindUnknown,
    NotOpen,
    RegistrationUnknown,
    SessionBegun,
)
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.views import RegistrationView
from services.events.booking.self_service.api import read
from services.events.programme.dependencies import TheBookableQueries
from services.events.programme.sessions.rules import SessionIsCancelled, SessionUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import now
from shared.errors import Conflict, InvalidInput, Unavailable
from shared.http.access import SignedIn
from shared.http.idempotency import KeyReused, MaybeIdempotencyKey
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.ids import new_id
from shared.json_object import JsonObject

router = APIRouter(prefix="/v1", tags=["registrations"])
AccessCode = Annotated[str, StringConstraints(max_length=40)]


class OtherEdition(Conflict):
    code = "registration.other_edition"
    vi = "Chỉ đổi được sang buổi khác của cùng mùa lễ hội."
    en = "You can only move to another session of the same edition."


class NewSize(BaseModel):
    size: Annotated[int, Field(ge=1, le=50)]


class NewKind(BaseModel):
    kind: TicketKind
    code: AccessCode | None = None


class Elsewhere(NewKind):
    bookable_id: UUID  # the other session or course
    kind: TicketKind = TicketKind.GENERAL
    answers: JsonObject | None = None  # to what the other session asks


@router.put(
    "/registrations/{registration_id}/size",
    response_model=RegistrationView,
    responses=problems(
        RegistrationUnknown,
        AlreadyAdmitted,
        Blocked,
        Closed,
        SessionIsCancelled,
        GroupTooLarge,
        NoSeatsLeft,
        CostsMore,
        SessionBegun,
        Unavailable,
    ),
)
async def resize(
    body: NewSize,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> Response:
    """Come with fewer, always; with more, if there is room for them now. In line the turn stays.

    Of the companions who were named, as many stay named as there is room for in the group.
    """
    command = ChangeRegistration(
        own.bookable_id, own.person_id, body.size, by_staff=_not_theirs(own, who)
    )
    await desk(command, status=200, idempotency_key=None)
    return await read(await registrations.get(own.id), registrations, clashes)


@router.put(
    "/registrations/{registration_id}/kind",
    response_model=RegistrationView,
    responses=problems(
        RegistrationUnknown,
        AlreadyAdmitted,
        Blocked,
        Closed,
        SessionIsCancelled,
        KindUnknown,
        CodeWrong,
        StaffOnly,
        GroupTooLarge,
        NoSeatsLeft,
        CostsMore,
        SessionBegun,
        Unavailable,
    ),
)
async def exchange(
    body: NewKind,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> Response:
    """Another kind of ticket for the same session, if there is room for it now."""
    by_staff = _not_theirs(own, who)
    command = ChangeRegistration(
        own.bookable_id, own.person_id, kind=body.kind, code=body.code, by_staff=by_staff
    )
    await desk(command, status=200, idempotency_key=None)
    return await read(await registrations.get(own.id), registrations, clashes)


@router.post(
    "/registrations/{registration_id}/move",
    status_code=201,
    response_model=RegistrationView,
    responses=problems(
        RegistrationUnknown,
        AlreadyAdmitted,
        Blocked,
        SessionUnknown,
        OtherEdition,
        AlreadyRegistered,
        NotOpen,
        Closed,
        SessionIsCancelled,
        KindUnknown,
        CodeWrong,
        AnswersNeeded,
        NotAsked,
        InvalidInput,
        GroupTooLarge,
        NoSeatsLeft,
        CostsMore,
        SessionBegun,
        KeyReused,
        Unavailable,
    ),
)
async def move(
    body: Elsewhere,
    own: OwnRegistration,
    who: SignedIn,
    bookables: TheBookableQueries,
    forms: AllForms,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Seats in another session or course for these; or these stay, if there are none.

    The answer is the new registration, with a ticket of its own; the old one has ended.
    """
    here, there = await bookables.get(own.bookable_id), await bookables.get(body.bookable_id)
    if not there.published:
        raise SessionUnknown
    if here.edition_id != there.edition_id:
        raise OtherEdition
    given = body.answers
    answers = None if given is None else await forms.checked(there.id, given, now())
    to = Register(
        new_id(), there.id, own.person_id, body.kind, own.size, body.code, answers=answers
    )
    command = MoveRegistration(own.bookable_id, own.person_id, to, by_staff=_not_theirs(own, who))
    return (await desk(command, status=201, idempotency_key=idempotency_key)).response()


def _not_theirs(own: Registration, who: Principal) -> bool:
    """Whoever may change what is not theirs is of the staff."""
    return own.person_id != who.person_id
