"""A registration as its holder and the staff see it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.events.booking.registrations.state import Registration, Status
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.contracts.events import BookableKind


class RegistrationView(BaseModel):
    id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    status: Status
    asked_at: datetime
    kind: TicketKind
    size: int
    number: int | None  # in the line; never reused
    ahead: int | None  # how many stand before, while waiting
    expires_at: datetime | None  # of what is held, offered or unpaid
    admitted_at: datetime | None
    wish_id: UUID | None
    answered: int | None  # which version of the session's form
    clashes: Sequence[UUID]
    """Sessions at the same time that the person holds or is offered a place in: a warning."""
    amount: int  # what it costs, in đồng
    paid: int  # of which we have so much
    reference: str | None  # to be given with the transfer; there once it has to be paid


def view(one: Registration, ahead: int | None, clashes: Sequence[UUID] = ()) -> RegistrationView:
    # Not validated again: the rules made it, and a rush makes thousands.
    return RegistrationView.model_construct(
        id=one.id,
        bookable_id=one.bookable_id,
        bookable_kind=one.bookable_kind,
        person_id=one.person_id,
        status=one.status,
        asked_at=one.asked_at,
        kind=one.kind,
        size=one.size,
        number=one.number,
        ahead=ahead,
        expires_at=one.expires_at,
        admitted_at=one.admitted_at,
        wish_id=one.wish_id,
        answered=one.answers.version if one.answers else None,
        clashes=clashes if one.live else (),
        amount=one.amount,
        paid=one.paid,
        reference=one.reference,
    )
