"""Quotas of seats, and which of them limit each kind of ticket.

A registration takes its seats from every quota of its kind at once, so the tightest one decides.
The quota of the session says how many people fit in, that of a kind how many of them may be press,
one that several sessions share how many seats the bus has, that of an access code how often it may
be used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.events.programme.ticket_kinds.rules import PAY_FOR, TicketKind, TicketKindFacts
from shared.contracts.events import BookableKind, CalledOff


@dataclass(frozen=True, slots=True)
class Quota:
    """So many seats. In a rush it is the one document that everybody writes."""

    id: UUID
    capacity: int
    taken: int = 0  # confirmed, unpaid, held, offered and asked for
    waiting: int = 0  # registrations on the waiting list that need seats of it

    @property
    def free(self) -> int:
        """0 also while more are taken than there are, after the capacity was lowered."""
        return max(self.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class TicketKindTerms:
    """What `TicketKindFacts` mean for a registration."""

    quotas: tuple[UUID, ...]  # the session's own first
    code_only: bool = False
    approval: bool = False
    offer_for: timedelta | None = None
    fee: int = 0  # for one seat, in đồng
    pay_for: timedelta = PAY_FOR
    pay_by: datetime | None = None  # the start: seats are not kept unpaid beyond it
    over_at: datetime | None = None  # the end: from then on nobody is asked to pay


@dataclass(frozen=True, slots=True)
class AccessCode:
    """A person who knows it may take seats of one kind, as many as its quota has."""

    kind: TicketKind
    quota: UUID


@dataclass(frozen=True, slots=True)
class BookableTerms:
    """The terms on which people register, and the end of the waiting list."""

    bookable_id: UUID
    bookable_kind: BookableKind
    opens_at: datetime
    closes_at: datetime
    kinds: Mapping[TicketKind, TicketKindTerms]
    last_number: int = 0  # on the waiting list; numbers are never reused
    last_asked_at: datetime | None = None  # keeps the list in order when a clock goes back
    cancelled: CalledOff | None = None
    asks: bool = False  # there are questions to be answered before a registration is confirmed
    largest: int | None = None  # seats in one registration; None: as many as there are


def kind_quota(bookable_id: UUID, kind: TicketKind) -> UUID:
    """The id of the quota that limits one kind of ticket there."""
    return uuid5(bookable_id, kind)


def terms(
    bookable_id: UUID,
    facts: TicketKindFacts,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> TicketKindTerms:
    own = (kind_quota(bookable_id, facts.kind),) if facts.capacity is not None else ()
    minutes = facts.offer_minutes
    return TicketKindTerms(
        quotas=(bookable_id, *own, *facts.shared),
        code_only=facts.code_only,
        approval=facts.approval,
        offer_for=None if minutes is None else timedelta(minutes=minutes),
        fee=facts.fee,
        pay_for=timedelta(minutes=facts.pay_minutes),
        pay_by=starts_at if facts.fee else None,
        over_at=ends_at if facts.fee else None,
    )
