import io
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from services.events.registrations.api import Own
from services.events.registrations.errors import RegistrationUnknown
from services.events.registrations.state import Status
from services.events.tickets.rules import TicketCancelled
from services.events.tickets.signer import Tickets
from shared.http.access import anyone
from shared.http.problems import problems
from shared.http.provided import provided

router = APIRouter(prefix="/v1", tags=["tickets"])
AllTickets = Annotated[Tickets, Depends(provided(Tickets))]


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


@router.get("/ticket-keys", dependencies=[anyone])
async def ticket_keys(tickets: AllTickets) -> dict[str, Any]:
    """The public keys (RFC 7517) that tickets are signed with, for scanners that go offline."""
    return tickets.keys.jwks()


def _token(status: Status, token: str) -> str:
    if status is not Status.CONFIRMED:
        raise TicketCancelled
    return token
