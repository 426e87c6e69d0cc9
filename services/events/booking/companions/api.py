"""Who comes along with a group's holder, by name.

Names are personal data: the holder, the organisers and the gate see them; no event, no log and no
stored answer has them; they end with the registration.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field

from services.events.booking.companions.rules import Accompany
from services.events.booking.dependencies import (
    AllRegistrations,
    LiveRegistration,
    TheRegistrationService,
)
from services.events.booking.registrations.errors import (
    RegistrationUnknown,
    SessionBegun,
    TooManyNames,
)
from services.events.booking.registrations.state import Registration
from services.events.programme.dependencies import TheBookableQueries
from shared.errors import Unavailable
from shared.http.access import SignedIn, use_role
from shared.http.problems import problems
from shared.roles import Role
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["companions"])


class CompanionNames(Schema):
    """The names of those who come with the holder: at most one less than the group's size."""

    model_config = ConfigDict(json_schema_extra=example({"names": ["Trần Minh Đức", "Lê Thu Hà"]}))

    names: Annotated[list[Line], Field(max_length=49)]
    """One name for each companion; the holder is not among them."""


async def seen_at_the_gate(
    registration_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> Registration:
    """The holder's own, or any for organisers and gates; for others it does not exist."""
    found = await registrations.get(registration_id)
    if found.person_id != who.person_id and not use_role(who, Role.ORGANISER, Role.GATE):
        raise RegistrationUnknown
    return found


@router.get("/registrations/{registration_id}/companions", responses=problems(RegistrationUnknown))
async def read_companions(
    one: Annotated[Registration, Depends(seen_at_the_gate)],
) -> CompanionNames:
    """Who was named to come along."""
    return CompanionNames(names=list(one.company))


@router.put(
    "/registrations/{registration_id}/companions",
    responses=problems(RegistrationUnknown, SessionBegun, TooManyNames, Unavailable),
)
async def update_companions(
    body: CompanionNames,
    own: LiveRegistration,
    bookables: TheBookableQueries,
    desk: TheRegistrationService,
) -> CompanionNames:
    """Say who comes along. The list replaces the one before.

    This is possible until the session, or the course's first one, begins.
    """
    starts_at = (await bookables.get(own.bookable_id)).starts_at
    command = Accompany(own.bookable_id, own.person_id, tuple(body.names), starts_at)
    await desk(command, status=200, idempotency_key=None)
    return body


@router.delete(
    "/registrations/{registration_id}/companions",
    status_code=204,
    responses=problems(RegistrationUnknown, Unavailable),
)
async def forget_companions(own: LiveRegistration, desk: TheRegistrationService) -> None:
    """Forget who was named. This is possible as long as the registration is there."""
    command = Accompany(own.bookable_id, own.person_id, names=(), before=None)
    await desk(command, status=200, idempotency_key=None)
