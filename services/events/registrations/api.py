from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.events.registrations.desk import RegistrationDesk
from services.events.registrations.rules import (
    AlreadyAdmitted,
    AlreadyRegistered,
    Cancel,
    Closed,
    NotOpen,
    Register,
    Registration,
    RegistrationUnknown,
)
from services.events.registrations.store import Registrations
from services.events.registrations.view import RegistrationView, view
from services.events.sessions.rules import SessionUnknown
from shared.errors import Unavailable
from shared.http.access import SignedIn
from shared.http.act import reply
from shared.http.idempotency import KeyReused, MaybeOnce
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.http.provided import provided
from shared.ids import new_id
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["registrations"])
Desk = Annotated[RegistrationDesk, Depends(provided(RegistrationDesk))]
AllRegistrations = Annotated[Registrations, Depends(provided(Registrations))]


async def own_registration(
    registration_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> Registration:
    """The holder's own, or any for the organisers; for others it does not exist."""
    found = await registrations.get(registration_id)
    if found.person_id != who.person_id and not who.may(Role.ORGANISER):
        raise RegistrationUnknown
    return found


Own = Annotated[Registration, Depends(own_registration)]


@router.post(
    "/sessions/{session_id}/registrations",
    status_code=201,
    response_model=RegistrationView,
    responses=problems(SessionUnknown, AlreadyRegistered, NotOpen, Closed, KeyReused, Unavailable),
)
async def register(session_id: UUID, who: SignedIn, desk: Desk, once: MaybeOnce) -> Response:
    """Take a place, or, when all are taken, the next number in the line."""
    command = Register(new_id(), session_id, who.person_id)
    return (await desk(command, status=201, once=once)).response()


@router.get("/registrations")
async def mine(
    who: SignedIn, registrations: AllRegistrations, page: Paging
) -> Page[RegistrationView]:
    """One's own registrations, the latest first."""
    found, following = await registrations.of_person(who.person_id, page)
    items = [view(one, await registrations.ahead_of(one)) for one in found]
    return Page(items=items, next=following)


@router.get(
    "/registrations/{registration_id}",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown),
)
async def read(own: Own, registrations: AllRegistrations) -> Response:
    ahead = await registrations.ahead_of(own)
    return reply(view(own, ahead), version=own.version).response()


@router.post(
    "/registrations/{registration_id}/cancellation",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, AlreadyAdmitted, KeyReused, Unavailable),
)
async def cancel(own: Own, desk: Desk, once: MaybeOnce) -> Response:
    """Give the place up. It goes to the first in line at the same moment."""
    return (await desk(Cancel(own.session_id, own.person_id), status=200, once=once)).response()
