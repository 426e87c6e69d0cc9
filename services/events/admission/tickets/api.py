"""Tickets: the signed token of a registration, as a QR code, on paper, on a phone."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict
from starlette.responses import Response

from services.events.admission.dependencies import AllPasses, TheTicketSigner
from services.events.admission.tickets.pages import TicketSession, printed, shown
from services.events.admission.tickets.rules import TicketCancelled
from services.events.admission.tickets.signature import TicketSigner
from services.events.admission.tickets.store import PassUnknown
from services.events.booking.dependencies import AllRegistrations, OwnRegistration
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Registration, Status
from services.events.dependencies import ThePrinter
from services.events.programme.dependencies import TheBookableQueries
from services.events.programme.sessions.queries import BookableQueries
from services.events.programme.sessions.rules import SessionUnknown
from shared import qr_code
from shared.errors import Unavailable
from shared.http.access import anyone
from shared.http.language import current_language
from shared.http.problems import problems
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["tickets"])


class TicketView(Schema):
    """A ticket."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"ticket": "eyJhbGciOiJFZDI1NTE5In0.eyJyIjoiMDE5OWYzYTIifQ.c2lnbmF0dXJl"}
        )
    )

    ticket: str
    """The signed token that the QR code holds."""


class PassAddress(Schema):
    """Where a ticket is shown."""

    model_config = ConfigDict(
        json_schema_extra=example({"path": "/v1/passes/Zk1vQ3J0c1hWb2xHYnR5d2F4"})
    )

    path: str
    """The path of the page at this service. It is shown only this once."""


@router.get(
    "/registrations/{registration_id}/ticket",
    responses=problems(RegistrationUnknown, TicketCancelled),
)
async def read_ticket(own: OwnRegistration, tickets: TheTicketSigner) -> TicketView:
    """The signed ticket of a confirmed registration."""
    return TicketView(ticket=_token(own, tickets))


@router.get(
    "/registrations/{registration_id}/ticket.png",
    response_class=Response,
    responses=problems(RegistrationUnknown, TicketCancelled)
    | {200: {"content": {"image/png": {}}}},
)
async def read_ticket_png(own: OwnRegistration, tickets: TheTicketSigner) -> Response:
    """The ticket as a QR code, in pixels."""
    return Response(qr_code.png(_token(own, tickets)), media_type="image/png")


@router.get(
    "/registrations/{registration_id}/ticket.svg",
    response_class=Response,
    responses=problems(RegistrationUnknown, TicketCancelled)
    | {200: {"content": {"image/svg+xml": {}}}},
)
async def read_ticket_svg(own: OwnRegistration, tickets: TheTicketSigner) -> Response:
    """The ticket as a QR code that scales."""
    return Response(qr_code.svg(_token(own, tickets)), media_type="image/svg+xml")


@router.get(
    "/registrations/{registration_id}/ticket.pdf",
    response_class=Response,
    responses=problems(RegistrationUnknown, SessionUnknown, TicketCancelled, Unavailable)
    | {200: {"content": {"application/pdf": {}}}},
)
async def read_ticket_pdf(
    own: OwnRegistration,
    tickets: TheTicketSigner,
    bookables: TheBookableQueries,
    printer: ThePrinter,
) -> Response:
    """The ticket on paper, in Vietnamese or English."""
    token, language = _token(own, tickets), current_language()
    ticket_session = await _ticket_session(own, bookables)
    data = printed(own, ticket_session, token, language)
    made_at = own.confirmed_at or own.asked_at
    body = await printer.pdf("admission/tickets/ticket.typ", data, language, made_at)
    headers = {"Content-Language": language, "Cache-Control": "private"}
    return Response(body, headers=headers, media_type="application/pdf")


@router.post(
    "/registrations/{registration_id}/pass",
    status_code=201,
    responses=problems(RegistrationUnknown),
)
async def create_pass(own: OwnRegistration, passes: AllPasses) -> PassAddress:
    """Get a secret address that shows the ticket on a phone.

    An address that was given before no longer shows it.
    """
    return PassAddress(path=f"/v1/passes/{await passes.renew(own.id)}")


@router.delete(
    "/registrations/{registration_id}/pass",
    status_code=204,
    responses=problems(RegistrationUnknown),
)
async def revoke_pass(own: OwnRegistration, passes: AllPasses) -> None:
    """End the secret address: it no longer shows the ticket.

    The ticket itself stays good. To end that, block it.
    """
    await passes.revoke(own.id)


@router.get(
    "/passes/{secret}",
    dependencies=[anyone],
    response_class=Response,
    responses=problems(PassUnknown, SessionUnknown) | {200: {"content": {"text/html": {}}}},
)
async def show_pass(
    secret: str,
    passes: AllPasses,
    registrations: AllRegistrations,
    bookables: TheBookableQueries,
    tickets: TheTicketSigner,
) -> Response:
    """One ticket as a page for a phone, which needs nothing more once it is loaded."""
    own = await registrations.get(await passes.registration(secret))
    ticket_session = await _ticket_session(own, bookables)
    token = tickets.sign(own.id, own.bookable_id)
    response = shown(own, ticket_session, token, current_language())
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@router.get("/ticket-keys", dependencies=[anyone])
async def read_ticket_keys(tickets: TheTicketSigner) -> dict[str, Any]:
    """The public keys that tickets are signed with (RFC 7517), for scanners that go offline."""
    return tickets.keys.jwks()


async def _ticket_session(own: Registration, bookables: BookableQueries) -> TicketSession:
    """Raises `SessionUnknown` for a course whose sessions are all cancelled."""
    found = (await bookables.get(own.bookable_id)).held
    if not found:
        raise SessionUnknown
    return TicketSession.of(found)


def _token(own: Registration, tickets: TicketSigner) -> str:
    if own.status is not Status.CONFIRMED:
        raise TicketCancelled
    return tickets.sign(own.id, own.bookable_id)
