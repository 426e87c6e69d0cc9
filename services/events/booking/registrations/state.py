"""A registration: the seats that somebody has, or waits for, in one session or course."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.events.programme.ticket_kinds.rules import TicketKind
from shared.contracts.base import Event
from shared.contracts.events import BookableKind


class Status(StrEnum):
    HELD = "held"  # seats are kept while the holder fills in the form
    ASKED = "asked"  # staff have to approve it
    UNPAID = "unpaid"  # seats are kept until the fee is paid
    CONFIRMED = "confirmed"
    WAITING = "waiting"  # on the waiting list
    OFFERED = "offered"  # from the waiting list: seats are kept until the holder accepts
    CANCELLED = "cancelled"


class Override(NamedTuple):
    """Who of the staff changed the order of the waiting list, and why."""

    by: UUID
    reason: str


class TransferCode(NamedTuple):
    """The person who has this code may take the registration over."""

    secret: bytes  # the code's hash; the code itself is not kept
    expires_at: datetime
    by_staff: bool = False


class Answers(NamedTuple):
    """What the holder has answered, to which version of the session's form."""

    version: int
    content: str  # canonical JSON
    at: datetime


class Ending(StrEnum):
    HOLDER = "holder"
    STAFF = "staff"
    EXPIRY = "expiry"
    SESSION = "session"  # the session or course is cancelled
    MOVE = "move"  # the holder has seats in another session instead
    TRANSFER = "transfer"  # another person has the seats now
    WISH = "wish"  # the person has seats in another session of the same list of preferences


@dataclass(frozen=True, slots=True)
class Registration:
    id: UUID
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    person_id: UUID
    status: Status
    asked_at: datetime
    kind: TicketKind = TicketKind.GENERAL
    size: int = 1  # the holder and their companions
    quotas: tuple[UUID, ...] = ()  # that limit it
    priority: int = 0  # on the waiting list; a higher one comes first
    number: int | None = None  # on the waiting list, from 1
    expires_at: datetime | None = None  # of what is held, offered or unpaid
    confirmed_at: datetime | None = None
    admitted_at: datetime | None = None
    blocked_at: datetime | None = None  # from then on gates refuse the ticket
    ended_at: datetime | None = None
    ended_by: Ending | None = None
    override: Override | None = None  # who gave it seats out of turn
    preference: Override | None = None  # who gave it this priority
    company: tuple[str, ...] = ()  # names of companions, at most size - 1; erased when it ends
    answers: Answers | None = None  # to the questions before it is confirmed
    follow_up: Answers | None = None  # to the questions after it is confirmed
    transfer: TransferCode | None = None
    wish_id: UUID | None = None  # shared with others, of which at most one gets seats
    amount: int = 0  # the price in đồng, as it was when the person registered
    paid: int = 0  # đồng that we hold for it: payments less what went back, or is about to
    carried: int = (
        0  # the part of `paid` that came from, or (below 0) went to, another registration
    )
    reference: str | None = None  # for the bank transfer; set when it has to be paid
    version: int = 0

    @property
    def seats(self) -> int:
        """How many seats it takes of each of its quotas."""
        return 0 if self.status in (Status.WAITING, Status.CANCELLED) else self.size

    @property
    def owing(self) -> int:
        """đồng that are still to be paid."""
        return max(self.amount - self.paid, 0)

    @property
    def due_back(self) -> int:
        """đồng that were paid and are more than its price; all of them once it is cancelled."""
        return max(self.paid - (self.amount if self.live else 0), 0)

    @property
    def live(self) -> bool:
        return self.status is not Status.CANCELLED

    @property
    def waits(self) -> int:
        return int(self.status is Status.WAITING)

    @property
    def turn(self) -> tuple[int, datetime, int]:
        """The order of the waiting list."""
        return -self.priority, self.asked_at, self.number or 0


class RegistrationCount(NamedTuple):
    """How many registrations are alike in these respects, and how many people they are for."""

    bookable_id: UUID  # the session or the course
    kind: TicketKind
    status: Status
    admitted: bool
    registrations: int
    people: int  # holders and companions


class RegistrationDecision(NamedTuple):
    """What a rule decides about one registration: its next state and the events of that."""

    before: Registration | None  # None: it is new
    state: Registration
    events: tuple[Event, ...] = ()

    def stored(self) -> Registration:
        """The next state with its version, which is also the sequence of the last event."""
        if self.state == self.before:
            return self.state
        return replace(self.state, version=self.state.version + (len(self.events) or 1))
