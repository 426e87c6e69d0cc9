"""What staff do about a registration: approve, seat, move up the line, block the ticket."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from services.events.booking.box_office.rules import Approve, Block, Prioritise, Seat
from services.events.booking.dependencies import (
    AllRegistrations,
    TheClashQueries,
    TheRegistrationService,
)
from services.events.booking.registrations.errors import (
    NothingToConfirm,
    NotOnWaitingList,
    RegistrationUnknown,
)
from services.events.booking.registrations.state import Override
from services.events.booking.registrations.views import RegistrationView
from services.events.booking.self_service.api import read_registration
from services.events.dependencies import Organiser
from services.events.programme.sessions.rules import SessionIsCancelled
from shared.errors import Unavailable
from shared.http.idempotency import KeyReused, MaybeIdempotencyKey
from shared.http.problems import problems
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["box office"])


class Reason(Schema):
    """Why it is done."""

    model_config = ConfigDict(
        json_schema_extra=example({"reason": "Nghệ nhân trình diễn, đã hẹn qua điện thoại"})
    )

    reason: Line
    """Why; it is kept in the audit trail."""


class Ranking(Reason):
    """How soon somebody on the waiting list gets a seat."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"priority": 10, "reason": "Trường học của phường đăng ký cả lớp"}
        )
    )

    priority: Annotated[int, Field(ge=0, le=100)]
    """Higher comes first; everybody begins with 0."""


class Blocking(Schema):
    """Whether a ticket lets somebody in."""

    model_config = ConfigDict(json_schema_extra=example({"blocked": True}))

    blocked: bool
    """True: the ticket lets nobody in. False: it does again."""


@router.post(
    "/registrations/{registration_id}/approval",
    response_model=RegistrationView,
    responses=problems(
        RegistrationUnknown, NothingToConfirm, SessionIsCancelled, KeyReused, Unavailable
    ),
)
async def approve_registration(
    registration_id: UUID,
    who: Organiser,
    registrations: AllRegistrations,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Confirm a registration of a kind that staff look at. To decline it, cancel it."""
    asked = await registrations.get(registration_id)
    command = Approve(asked.bookable_id, asked.person_id)
    return (await desk(command, status=200, idempotency_key=idempotency_key)).response()


@router.post(
    "/registrations/{registration_id}/seat",
    response_model=RegistrationView,
    responses=problems(
        RegistrationUnknown, NothingToConfirm, SessionIsCancelled, KeyReused, Unavailable
    ),
)
async def seat_registration(
    registration_id: UUID,
    body: Reason,
    who: Organiser,
    registrations: AllRegistrations,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Give somebody on the waiting list a seat out of turn, even beyond what there is."""
    waiting = await registrations.get(registration_id)
    override = Override(who.person_id, body.reason)
    command = Seat(waiting.bookable_id, waiting.person_id, override)
    return (await desk(command, status=200, idempotency_key=idempotency_key)).response()


@router.put(
    "/registrations/{registration_id}/priority",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NotOnWaitingList, SessionIsCancelled, Unavailable),
)
async def prioritise_registration(
    registration_id: UUID,
    body: Ranking,
    who: Organiser,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> Response:
    """Move somebody on the waiting list before those of a lower priority."""
    known = await registrations.get(registration_id)
    reason = Override(who.person_id, body.reason)
    command = Prioritise(known.bookable_id, known.person_id, body.priority, reason)
    await desk(command, status=200, idempotency_key=None)
    return await read_registration(await registrations.get(registration_id), registrations, clashes)


@router.put(
    "/registrations/{registration_id}/block",
    response_model=RegistrationView,
    responses=problems(RegistrationUnknown, NothingToConfirm, SessionIsCancelled, Unavailable),
)
async def block_registration(
    registration_id: UUID,
    body: Blocking,
    who: Organiser,
    registrations: AllRegistrations,
    desk: TheRegistrationService,
) -> Response:
    """Block a ticket, so that it lets nobody in, or unblock it.

    For a lost phone or a sold ticket.
    """
    known = await registrations.get(registration_id)
    command = Block(known.bookable_id, known.person_id, body.blocked)
    return (await desk(command, status=200, idempotency_key=None)).response()
