"""A registration: what somebody has, or waits for, in a session."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.events.programme.ticket_kinds.rules import TicketKind


class Status(StrEnum):
    HELD = "held"  # a place is kept while the form is filled in
    ASKED = "asked"  # staff look at it
    UNPAID = "unpaid"  # a place is kept until its fee is paid
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"  # from the line: a place is kept until it is accepted
    CANCELLED = "cancelled"


class Override(NamedTuple):
    """Why staff gave a place out of turn, and who."""

    by: UUID
    reason: str


class TransferCode(NamedTuple):
    """Whoever has the code may take the place over."""

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
    SESSION = "session"  # it is cancelled itself
    MOVE = "move"  # for a place in another session
    TRANSFER = "transfer"  # somebody else has the place now
    WISH = "wish"  # another of the same wish was seated, or the wish was withdrawn


@dataclass(frozen=True, slots=True)
class Registration:
    id: UUID
    session_id: UUID
    person_id: UUID
    status: Status
    asked_at: datetime
    kind: TicketKind = TicketKind.GENERAL
    size: int = 1  # the person and their company: all of them or none
    pools: tuple[UUID, ...] = ()
    priority: int = 0  # in the line; higher comes first
    number: int | None = None  # in the line, from 1
    expires_at: datetime | None = None  # of what is held, offered or unpaid
    confirmed_at: datetime | None = None
    admitted_at: datetime | None = None
    blocked_at: datetime | None = None  # from then on the ticket lets nobody in
    ended_at: datetime | None = None
    ended_by: Ending | None = None
    override: Override | None = None
    preference: Override | None = None  # who gave it this priority, and why
    company: tuple[str, ...] = ()  # names, at most size - 1; kept while it lives and no longer
    answers: Answers | None = None  # to what is asked before it is confirmed
    follow_up: Answers | None = None  # to what is asked afterwards
    transfer: TransferCode | None = None
    wish_id: UUID | None = None  # shared with others, of which one at most gets a place
    amount: int = 0  # what it costs, in đồng; as it was when it was asked for
    paid: int = 0  # what we hold for it, in đồng: payments less what went back, or is about to
    carried: int = 0  # of what was paid: so much came, or left, with a place that passed on
    reference: str | None = None  # for the transfer; from the moment it has to be paid
    version: int = 0

    @property
    def places(self) -> int:
        """How many places it has in each of its pools."""
        return 0 if self.status in (Status.WAITING, Status.CANCELLED) else self.size

    @property
    def owing(self) -> int:
        return max(self.amount - self.paid, 0)

    @property
    def due_back(self) -> int:
        """What was paid and is not, or no longer, for a place."""
        return max(self.paid - (self.amount if self.live else 0), 0)

    @property
    def live(self) -> bool:
        return self.status is not Status.CANCELLED

    @property
    def waits(self) -> int:
        return int(self.status is Status.WAITING)

    @property
    def turn(self) -> tuple[int, datetime, int]:
        """What the line is in order of."""
        return -self.priority, self.asked_at, self.number or 0


class RegistrationCount(NamedTuple):
    """How many registrations are alike in these respects, and how many people they are for."""

    bookable_id: UUID  # the session or the course
    kind: TicketKind
    status: Status
    admitted: bool
    registrations: int
    people: int  # holders and companions
