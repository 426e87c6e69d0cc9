"""A registration as its holder and the staff see it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from services.events.booking.registrations.state import Registration, Status
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.contracts.events import BookableKind
from shared.schema import Schema, example


class RegistrationView(Schema):
    """A registration as its holder and the staff see it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "bookable_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "bookable_kind": "session",
                "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "status": "unpaid",
                "asked_at": "2026-10-01T02:00:04Z",
                "kind": "general",
                "size": 2,
                "number": None,
                "ahead": None,
                "expires_at": "2026-10-01T03:00:04Z",
                "admitted_at": None,
                "wish_id": None,
                "answered": None,
                "clashes": [],
                "amount": 300000,
                "paid": 0,
                "reference": "HN7K2M9Q4T",
            }
        )
    )

    id: UUID
    bookable_id: UUID
    """What it is for: the id of a session or, for a course, of its activity."""
    bookable_kind: BookableKind
    """Whether it is for a session or a course."""
    person_id: UUID
    """Its holder."""
    status: Status
    """`held` while a form is filled in, `asked` while staff look at it, `unpaid`, `confirmed`,
    `waiting` on the list, `offered` from the list, `cancelled`."""
    asked_at: datetime
    """When it was asked for: RFC 3339, in UTC."""
    kind: TicketKind
    """The kind of ticket."""
    size: int
    """How many people it is for, the holder included."""
    number: int | None
    """Its number on the waiting list, which no other gets."""
    ahead: int | None
    """How many stand before it on the waiting list."""
    expires_at: datetime | None
    """Until when a seat that is held, offered or unpaid is kept: RFC 3339, in UTC."""
    admitted_at: datetime | None
    """When its holder was first let in: RFC 3339, in UTC."""
    wish_id: UUID | None
    """The list of preferences that made it."""
    answered: int | None
    """Which version of the form is answered; null: none."""
    clashes: Sequence[UUID]
    """Ids of sessions at the same time in which its holder has or is offered a seat: a warning."""
    amount: int
    """What it costs, in đồng."""
    paid: int
    """How much of that has arrived, in đồng."""
    reference: str | None
    """What the text of the transfer has to contain; there once it has to be paid."""


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
