"""Changes: another size, kind of ticket or session for a registration."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints
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
from services.events.booking.self_service.api import read_registration
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
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["changes"])
AccessCode = Annotated[str, StringConstraints(max_length=40)]


class OtherEdition(Conflict):
    code = "registration.other_edition"
    vi = "Chỉ đổi được sang buổi khác của cùng mùa lễ hội."
    en = "You can only move to another session of the same edition."


class NewSize(Schema):
    """A group's new size."""

    model_config = ConfigDict(json_schema_extra=example({"size": 3}))

    size: Annotated[int, Field(ge=1, le=50)]
    """How many people come, the holder included."""


class NewKind(Schema):
    """Another kind of ticket."""

    model_config = ConfigDict(json_schema_extra=example({"kind": "child", "code": None}))

    kind: TicketKind
    """The kind of ticket that one wants."""
    code: AccessCode | None = None
    """The access code, where this kind needs one."""


class Elsewhere(NewKind):
    """Another session."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "bookable_id": "0199f3a2-3b42-7c34-9e6f-708192a3b4c5",
                "kind": "general",
                "answers": {"t_shirt": "M"},
            }
        )
    )

    bookable_id: UUID
    """The session that one wants to move to."""
    kind: TicketKind = TicketKind.GENERAL
    """The kind of ticket that one wants there."""
    answers: JsonObject | None = None
    """Answers to what the other session asks."""


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
async def resize_registration(
    body: NewSize,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> Response:
    """Come with fewer people, always; with more, if there is room for them now.

    On the waiting list the turn stays. Of the companions who were named, as many stay named as
    there is room for in the group.
    """
    command = ChangeRegistration(
        own.bookable_id, own.person_id, body.size, by_staff=_not_theirs(own, who)
    )
    await desk(command, status=200, idempotency_key=None)
    return await read_registration(await registrations.get(own.id), registrations, clashes)


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
async def change_ticket_kind(
    body: NewKind,
    own: LiveRegistration,
    who: SignedIn,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> Response:
    """Take another kind of ticket for the same session, if there is room for it now."""
    by_staff = _not_theirs(own, who)
    command = ChangeRegistration(
        own.bookable_id, own.person_id, kind=body.kind, code=body.code, by_staff=by_staff
    )
    await desk(command, status=200, idempotency_key=None)
    return await read_registration(await registrations.get(own.id), registrations, clashes)


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
async def move_registration(
    body: Elsewhere,
    own: OwnRegistration,
    who: SignedIn,
    bookables: TheBookableQueries,
    forms: AllForms,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Take seats in another session or course in place of these. If it has none, these stay.

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
