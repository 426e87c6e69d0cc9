"""A ticket: a signed token with two ids, those of the registration and of the session or course.

A scanner can verify it without a connection, with the published keys. It contains no personal data,
and a registration always has the same token. Whether a gate lets its holder in is decided in
scans/rules.py.
"""

import base64
from typing import Any
from uuid import UUID

from shared.errors import Conflict, DomainError


class TicketInvalid(DomainError):
    status = 422
    code = "ticket.invalid"
    vi = "Vé không hợp lệ."
    en = "This ticket is not valid."


class TicketCancelled(Conflict):
    code = "ticket.cancelled"
    vi = "Vé này đã bị huỷ."
    en = "This ticket is cancelled."


def claims(registration_id: UUID, session_id: UUID) -> dict[str, str]:
    """The content of a ticket. It is short, because it has to fit into a QR code."""
    return {"r": _encoded(registration_id), "s": _encoded(session_id)}


def read_claims(found: dict[str, Any]) -> tuple[UUID, UUID]:
    """(registration, session). Raises `TicketInvalid`."""
    try:
        return _decoded(found["r"]), _decoded(found["s"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TicketInvalid from error


def short_number(registration_id: UUID) -> str:
    """A short number for people to read out at a help desk, such as `7KQ2-M9XD`.

    It is made of 40 bits of the id. Nothing is searched by it.
    """
    low = registration_id.int & ((1 << 40) - 1)
    digits = "".join(_CROCKFORD[low >> shift & 31] for shift in range(35, -1, -5))
    return f"{digits[:4]}-{digits[4:]}"


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which are easily misread


def _encoded(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _decoded(text: str) -> UUID:
    return UUID(bytes=base64.b64decode(text + "==", altchars=b"-_", validate=True))
