"""Which change of a registration others hear of, and how."""

from collections.abc import Callable, Mapping
from typing import Literal, assert_never
from uuid import UUID

from services.events.booking.billing.vietqr import payload
from services.events.booking.quotas.rules import BookableTerms
from services.events.booking.registrations.state import Ending, Registration, Status
from services.events.settings import BankAccount
from shared.contracts.base import Event
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
    RegistrationOffered,
    RegistrationResized,
    RegistrationWaitlisted,
)

_SILENT = (Ending.MOVE, Ending.TRANSFER, Ending.WISH)
_BY: Mapping[Ending, Literal["holder", "staff", "expiry"]] = {
    Ending.HOLDER: "holder",
    Ending.STAFF: "staff",
    Ending.EXPIRY: "expiry",
    Ending.SESSION: "staff",
    Ending.MOVE: "holder",
    Ending.TRANSFER: "holder",
    Ending.WISH: "holder",
}
_PASSED_ON: Mapping[Ending, Literal["move", "transfer"]] = {
    Ending.MOVE: "move",
    Ending.TRANSFER: "transfer",
}
SignTicket = Callable[[UUID, UUID], str]
"""(registration, session) → the signed token on the ticket; the same for the same two."""


def told(
    before: Registration | None,
    after: Registration,
    places: BookableTerms,
    sign: SignTicket,
    account: BankAccount | None = None,
) -> Event | None:
    """The fact that others hear of, if this is one for them."""
    names = {
        "registration_id": after.id,
        "session_id": after.session_id,
        "person_id": after.person_id,
    }
    if before is not None and before.status is after.status:
        if after.status is Status.CONFIRMED and before.size != after.size:
            return RegistrationResized(**names, size=after.size, size_before=before.size)
        owes_otherwise = after.status is Status.UNPAID and after.owing != before.owing
        if not (owes_otherwise and after.owing):
            return None
    match after.status:
        case Status.CONFIRMED:
            return RegistrationConfirmed(
                **names,
                ticket=sign(after.id, after.session_id),
                promoted=before is not None and before.number is not None,
                size=after.size,
            )
        case Status.WAITING:
            return RegistrationWaitlisted(**names, number=after.number or 0)
        case Status.OFFERED:
            assert after.expires_at is not None  # noqa: S101 - every offer has its end
            return RegistrationOffered(**names, expires_at=after.expires_at)
        case Status.UNPAID:
            assert after.expires_at is not None  # noqa: S101 - every unpaid place has its end
            return RegistrationInvoiced(
                **names,
                amount=after.owing,
                reference=after.reference or "",
                expires_at=after.expires_at,
                **(account._asdict() if account else {}),
                vietqr=payload(account, after.owing, after.reference or "") if account else None,
            )
        case Status.CANCELLED:
            if before is None or (before.status is Status.HELD and not after.due_back):
                return None  # nobody has heard of it
            if before.waits and after.ended_by in _SILENT and not after.due_back:
                return None  # they hear of what they got instead, or have withdrawn all of it
            held = before.status is Status.CONFIRMED
            by = after.ended_by or Ending.HOLDER
            return RegistrationCancelled(
                **names,
                held_place=held,
                size=after.size,
                ended_by=_BY[by],
                called_off=places.cancelled if after.ended_by is Ending.SESSION else None,
                passed_on=_PASSED_ON.get(by),
                unpaid=before.status is Status.UNPAID,
                due_back=after.due_back,
            )
        case Status.HELD | Status.ASKED:
            return None
        case _:
            assert_never(after.status)
