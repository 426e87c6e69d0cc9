"""Tickets: signed pairs of ids. What one is worth at a gate, gates/scans.py says.

The token can be verified without a connection, with the published keys. It carries no personal
data, and the same registration always has the same token.
"""

import base64
from typing import Any
from uuid import UUID

from shared.errors import Conflict, DomainError


class TicketInvalid(DomainError):
    status = 422
    code = "ticket.invalid"
    vi = "Vé không hợp lệ."
    en = "This is not one of our tickets."


class TicketCancelled(Conflict):
    code = "ticket.cancelled"
    vi = "Vé này đã huỷ."
    en = "This ticket was cancelled."


def claims(registration_id: UUID, session_id: UUID) -> dict[str, str]:
    """What a ticket says. Short, because a QR code has to hold it."""
    return {"r": _short(registration_id), "s": _short(session_id)}


def read_claims(found: dict[str, Any]) -> tuple[UUID, UUID]:
    """(registration, session). Raises `TicketInvalid`."""
    try:
        return _long(found["r"]), _long(found["s"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TicketInvalid from error


def short_number(registration_id: UUID) -> str:
    """What is read out at a help desk: `7KQ2-M9XD`. For people; it is not searched by."""
    low = registration_id.int & ((1 << 40) - 1)
    digits = "".join(_CROCKFORD[low >> shift & 31] for shift in range(35, -1, -5))
    return f"{digits[:4]}-{digits[4:]}"


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing is misread


def _short(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _long(text: str) -> UUID:
    return UUID(bytes=base64.b64decode(text + "==", altchars=b"-_", validate=True))
