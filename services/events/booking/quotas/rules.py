"""Pools of places, and which of them each kind of ticket draws on.

Whoever takes a place takes it in every pool of their kind at once, so the tightest rules: the
session's own pool says how many people fit in, a pool of one kind how many of them may be press, a
pool that several sessions share how many seats the bus has, a code's pool how often it may be used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.events.programme.ticket_kinds.rules import PAY_FOR, TicketKind, TicketKindFacts
from shared.contracts.events import BookableKind, CalledOff


@dataclass(frozen=True, slots=True)
class Quota:
    """So many places: one of the documents that everybody wants at once."""

    id: UUID
    capacity: int
    taken: int = 0  # confirmed, unpaid, held, offered and asked for
    waiting: int = 0  # entries in line that want places of it

    @property
    def free(self) -> int:
        """None while more are taken than there are, after a cut."""
        return max(self.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class TicketKindTerms:
    """The same, as the desk reads it."""

    quotas: tuple[UUID, ...]  # the session's own first
    code_only: bool = False
    approval: bool = False
    offer_for: timedelta | None = None
    fee: int = 0  # a place, in đồng
    pay_for: timedelta = PAY_FOR
    pay_by: datetime | None = None  # the start of the session: who pays later pays for nothing
    over_at: datetime | None = None  # its end: from then on nobody in line is asked to pay


@dataclass(frozen=True, slots=True)
class AccessCode:
    """An access code: who knows it may take places of one kind, as many as its pool has."""

    kind: TicketKind
    quota: UUID


@dataclass(frozen=True, slots=True)
class BookableTerms:
    """On which terms a session's places are taken, and the end of its line."""

    bookable_id: UUID
    bookable_kind: BookableKind
    opens_at: datetime
    closes_at: datetime
    kinds: Mapping[TicketKind, TicketKindTerms]
    last_number: int = 0  # of the line; numbers are never reused
    last_asked_at: datetime | None = None  # so that the line is in order whatever a clock does
    cancelled: CalledOff | None = None  # the session is not held
    asks: bool = False  # something that has to be answered before a place is confirmed
    largest: int | None = None  # for how many one registration may be; None: as there are places


def kind_pool(bookable_id: UUID, kind: TicketKind) -> UUID:
    """The id of the pool that limits one kind at one session."""
    return uuid5(bookable_id, kind)


def terms(
    bookable_id: UUID,
    facts: TicketKindFacts,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> TicketKindTerms:
    own = (kind_pool(bookable_id, facts.kind),) if facts.capacity is not None else ()
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
