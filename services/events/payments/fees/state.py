"""Payments, and the lines of bank statements that they come from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.events import BookableKind


@dataclass(frozen=True, slots=True)
class BankLine:
    """An incoming transfer that was stored."""

    key: str  # a hash of the bank's id for it, or of what the statement says
    paid_at: datetime
    amount: int  # đồng
    text: str
    by: UUID  # who uploaded the statement
    at: datetime
    registration_id: UUID | None = None  # None: nobody knows yet what it pays for


@dataclass(frozen=True, slots=True)
class Payment:
    id: UUID
    registration_id: UUID
    bookable_id: UUID
    bookable_kind: BookableKind
    edition_id: UUID | None
    person_id: UUID
    amount: int  # đồng
    paid_at: datetime
    line: str | None  # the key of the bank line; None: recorded by hand
    note: str | None  # what staff wrote when they recorded it
    by: UUID  # who recorded it
    at: datetime
