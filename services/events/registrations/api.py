from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from services.events.clashes.store import Clashes
from services.events.places.rules import Kind
from services.events.registrations.commands import (
    Approve,
    Block,
    Cancel,
    Confirm,
    Prioritise,
    Register,
    Seat,
)
from services.events.registrations.desk import RegistrationDesk
from services.events.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    Closed,
    CodeWrong,
    Expired,
    GroupTooLarge,
    KindUnknown,
    NothingToConfirm,
    NotInLine,
    NotOpen,
    RegistrationUnknown,
)
from services.events.registrations.state import Ending, Override, Registration
from services.events.registrations.store import Registrations
from services.events.registrations.view import RegistrationView, view
from services.events.sessions.rules import SessionUnknown
from shared.errors import Unavailable
from shared.http.access import SignedIn, acts_as, requires
from shared.http.act import reply
from shared.http.idempotency import KeyReused, MaybeOnce
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.ids import new_id
from shared.roles import Role
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["registrations"])
Desk = Annotated[RegistrationDesk, Depends(provided(RegistrationDesk))]
AllRegistrations = Annotated[Registrations, Depends(provided(Registrations))]
AllClashes = Annotated[Clashes, Depends(provided(Clashes))]


async def own_registration(
    registration_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> Registration:
    """The holder's own, or any for the organisers; for others it does not exist."""
    found = await registrations.get(registration_id)
    if found.person_id != who.person_id and not acts_as(who, Role.ORGANISER):
        raise RegistrationUnknown
    return found


Own = Annotated[Registration, Depends(own_registration)]
Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]


class Reason(BaseModel):
    reason: Line


class Ranking(Reason):
    priority: Annotated[int, Field(ge=0, le=100)]  # higher comes first; everybody begins with 0


class Blocking(BaseModel):
    blocked: bool


class Wish(BaseModel):
    """What somebody asks for. Without a body: one general place."""

    kind: Kind = Kind.GENERAL
    size: Annotated[int, Field(ge=1, le=50)] = 1  # with company: all of them or none
    code: Annotated[str, StringConstraints(max_length=40)] | None = None
    hold: bool = False  # keep the place while the form is filled in; then confirm


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
        GroupTooLarge,
        KeyReused,
        Unavailable,
    ),
)
async def register(
    session_id: UUID, who: SignedIn, desk: Desk, once: MaybeOnce, wish: Wish | None = None
) -> Response:
    """Take a place, or, when all are taken, the next number in the line."""
    wish = wish or ONE_PLACE
    command = Register(
        new_id(), session_id, who.person_id, wish.kind, wish.size, wish.code, wish.hold
    )
    return (await desk(command, status=201, once=once)).response()


ONE_PLACE = Wish()


@router.get("/registrations")
async def mine(
    who: SignedIn, registrations: AllRegistrations, clashes: AllClashes, page: Paging
) -> Page[RegistrationView]:
    """One's own registrations, the latest first; each with the sessions it clashes with."""
    found, following = await registrations.of_person(who.person_id, page)
    clashing = await clashes.of([(one.session_id, one.person_id) for one in found if one.live])
    items = [
        view(
            one,
            await registrations.ahead_of(one),
            clashing.get((one.session_id, one.person_id), ()) if one.live else (),
        )
        for one in found
    ]
    return Page(items=items, next=following)


@router.get(
    "/registrations/{registration_id}",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown),
)
async def read(own: Own, registrations: AllRegistrations, clashes: AllClashes) -> Response:
    pair = own.session_id, own.person_id
    clashing = await clashes.of([pair] if own.live else [])
    ahead = await registrations.ahead_of(own)
    return reply(view(own, ahead, clashing.get(pair, ())), version=own.version).response()


@router.post(
    "/registrations/{registration_id}/confirmation",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NothingToConfirm, Expired, KeyReused, Unavailable),
)
async def confirm(own: Own, desk: Desk, once: MaybeOnce) -> Response:
    """Confirm a place that is held, or accept one that is offered."""
    return (await desk(Confirm(own.session_id, own.person_id), status=200, once=once)).response()


@router.post(
    "/registrations/{registration_id}/cancellation",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, AlreadyAdmitted, KeyReused, Unavailable),
)
async def cancel(own: Own, who: SignedIn, desk: Desk, once: MaybeOnce) -> Response:
    """Give the place up. It goes to the first in line at the same moment."""
    by = Ending.HOLDER if who.person_id == own.person_id else Ending.STAFF
    command = Cancel(own.session_id, own.person_id, by)
    return (await desk(command, status=200, once=once)).response()


@router.post(
    "/registrations/{registration_id}/approval",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NothingToConfirm, KeyReused, Unavailable),
)
async def approve(
    registration_id: UUID,
    who: Organiser,
    registrations: AllRegistrations,
    desk: Desk,
    once: MaybeOnce,
) -> Response:
    """Confirm a registration of a kind that staff look at. To decline it, cancel it."""
    asked = await registrations.get(registration_id)
    command = Approve(asked.session_id, asked.person_id)
    return (await desk(command, status=200, once=once)).response()


@router.post(
    "/registrations/{registration_id}/seat",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NothingToConfirm, KeyReused, Unavailable),
)
async def seat(
    registration_id: UUID,
    body: Reason,
    who: Organiser,
    registrations: AllRegistrations,
    desk: Desk,
    once: MaybeOnce,
) -> Response:
    """Give somebody in line a place out of turn, even beyond what there is. The reason is kept."""
    waiting = await registrations.get(registration_id)
    override = Override(who.person_id, body.reason)
    command = Seat(waiting.session_id, waiting.person_id, override)
    return (await desk(command, status=200, once=once)).response()


@router.put(
    "/registrations/{registration_id}/priority",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NotInLine, Unavailable),
)
async def prioritise(
    registration_id: UUID,
    body: Ranking,
    who: Organiser,
    registrations: AllRegistrations,
    clashes: AllClashes,
    desk: Desk,
) -> Response:
    """Move somebody in line before those of a lower priority. The reason is kept."""
    known = await registrations.get(registration_id)
    reason = Override(who.person_id, body.reason)
    command = Prioritise(known.session_id, known.person_id, body.priority, reason)
    await desk(command, status=200, once=None)
    return await read(await registrations.get(registration_id), registrations, clashes)


@router.put(
    "/registrations/{registration_id}/block",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NothingToConfirm, Unavailable),
)
async def block(
    registration_id: UUID,
    body: Blocking,
    who: Organiser,
    registrations: AllRegistrations,
    desk: Desk,
) -> Response:
    """The ticket lets nobody in from now on (a lost phone, a sold ticket), or does again."""
    known = await registrations.get(registration_id)
    command = Block(known.session_id, known.person_id, body.blocked)
    return (await desk(command, status=200, once=None)).response()
