"""Tickets: who may be let in. A ticket is a signed pair of ids; what it is worth stands here.

The token can be verified without a connection, with the published keys. It carries no personal
data, and the same registration always has the same token.
"""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from services.events.registrations.rules import Registration, Status
from services.events.sessions.rules import Session
from shared.contracts.events import RegistrationAdmitted
from shared.errors import Conflict, DomainError

GATE_OPENS_BEFORE = timedelta(hours=2)  # the start of the session


class TicketInvalid(DomainError):
    status = 422
    code = "ticket.invalid"
    vi = "Vé không hợp lệ."
    en = "This is not one of our tickets."


class TicketCancelled(Conflict):
    code = "ticket.cancelled"
    vi = "Vé này đã huỷ."
    en = "This ticket was cancelled."


class WrongSession(Conflict):
    code = "ticket.wrong_session"
    vi = "Vé này dành cho phiên khác."
    en = "This ticket is for another session."


class AlreadyIn(Conflict):
    code = "ticket.already_in"
    vi = "Vé này đã vào cửa lúc {admitted_at}."
    en = "The holder of this ticket was let in at {admitted_at}."


class TooEarly(Conflict):
    code = "ticket.too_early"
    vi = "Chưa đến giờ mở cửa ({gate_opens_at})."
    en = "The gate is not open yet ({gate_opens_at})."


class TooLate(Conflict):
    code = "ticket.too_late"
    vi = "Phiên này đã kết thúc."
    en = "This session has ended."


class Admission(NamedTuple):
    registration: Registration
    event: RegistrationAdmitted


def claims(registration_id: UUID, session_id: UUID) -> dict[str, str]:
    """What a ticket says. Short, because a QR code has to hold it."""
    return {"r": _short(registration_id), "s": _short(session_id)}


def read_claims(found: dict[str, Any]) -> tuple[UUID, UUID]:
    """(registration, session). Raises `TicketInvalid`."""
    try:
        return _long(found["r"]), _long(found["s"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TicketInvalid from error


def admit(
    session: Session, at: UUID, registration: Registration | None, now: datetime
) -> Admission:
    """Let the holder in at the gate of session `at`. Raises what keeps them out."""
    if session.id != at:
        raise WrongSession
    if registration is None or registration.status is not Status.CONFIRMED:
        raise TicketCancelled
    if registration.admitted_at is not None:
        raise AlreadyIn(admitted_at=registration.admitted_at)
    opens = session.facts.starts_at - GATE_OPENS_BEFORE
    if now < opens:
        raise TooEarly(gate_opens_at=opens)
    if now >= session.facts.ends_at:
        raise TooLate
    admitted = replace(registration, admitted_at=now, version=registration.version + 1)
    told = RegistrationAdmitted(
        registration_id=admitted.id,
        session_id=admitted.session_id,
        person_id=admitted.person_id,
        admitted_at=now,
    )
    return Admission(admitted, told)


def _short(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _long(text: str) -> UUID:
    return UUID(bytes=base64.b64decode(text + "==", altchars=b"-_", validate=True))
