import io
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Depends
from pydantic import BaseModel, StringConstraints
from starlette.responses import Response

from services.events.registrations.api import Own
from services.events.registrations.errors import RegistrationUnknown
from services.events.registrations.rules import Status
from services.events.registrations.view import RegistrationView, view
from services.events.sessions.rules import SessionUnknown
from services.events.tickets.gate import Gate, Tickets
from services.events.tickets.rules import (
    AlreadyIn,
    TicketCancelled,
    TicketInvalid,
    TooEarly,
    TooLate,
    WrongSession,
)
from shared.http.access import anyone, requires
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["tickets"])
TheGate = Annotated[Gate, Depends(provided(Gate))]
AllTickets = Annotated[Tickets, Depends(provided(Tickets))]
GateStaff = Annotated[Principal, Depends(requires(Role.GATE))]


class Shown(BaseModel):
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class TicketView(BaseModel):
    ticket: str


@router.get(
    "/registrations/{registration_id}/ticket",
    responses=problems(RegistrationUnknown, TicketCancelled),
)
async def read_ticket(own: Own, tickets: AllTickets) -> TicketView:
    """The signed token of a confirmed registration."""
    return TicketView(ticket=_token(own.status, tickets.sign(own.id, own.session_id)))


@router.get(
    "/registrations/{registration_id}/ticket.png",
    response_class=Response,
    responses=problems(RegistrationUnknown, TicketCancelled)
    | {200: {"content": {"image/png": {}}}},
)
async def read_ticket_picture(own: Own, tickets: AllTickets) -> Response:
    """The ticket as a QR code."""
    token = _token(own.status, tickets.sign(own.id, own.session_id))
    picture = io.BytesIO()
    segno.make(token, error="m").save(picture, kind="png", scale=6)
    return Response(picture.getvalue(), media_type="image/png")


@router.post(
    "/sessions/{session_id}/admissions",
    status_code=201,
    responses=problems(
        SessionUnknown, TicketInvalid, TicketCancelled, WrongSession, AlreadyIn, TooEarly, TooLate
    ),
)
async def admit(session_id: UUID, body: Shown, who: GateStaff, gate: TheGate) -> RegistrationView:
    """Let the holder of this ticket in. A second time is refused, at whatever gate."""
    return view(await gate.admit(session_id, body.ticket), None)


@router.get("/ticket-keys", dependencies=[anyone])
async def ticket_keys(tickets: AllTickets) -> dict[str, Any]:
    """The public keys (RFC 7517) that tickets are signed with, for scanners that go offline."""
    return tickets.keys.jwks()


def _token(status: Status, token: str) -> str:
    if status is not Status.CONFIRMED:
        raise TicketCancelled
    return token
