"""What may be asked of the registration desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.events.booking.registrations.state import Answers, Ending, Override
from services.events.programme.ticket_kinds.rules import TicketKind


@dataclass(frozen=True, slots=True)
class Register:
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    kind: TicketKind = TicketKind.GENERAL
    size: int = 1
    code: str | None = None
    hold: bool = False
    answers: Answers | None = None
    invited: bool = False  # an invitation stands for code, times and questions; it has its own


@dataclass(frozen=True, slots=True)
class Confirm:
    """The holder has filled in the form, or accepts what was offered."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Approve:
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Cancel:
    session_id: UUID
    person_id: UUID
    by: Ending = Ending.HOLDER


@dataclass(frozen=True, slots=True)
class Expire:
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """Staff give a place to somebody in line, out of turn and beyond what there is."""

    session_id: UUID
    person_id: UUID
    override: Override


@dataclass(frozen=True, slots=True)
class Block:
    """The ticket lets nobody in any more (a lost phone, a sold ticket), or does again."""

    session_id: UUID
    person_id: UUID
    on: bool


@dataclass(frozen=True, slots=True)
class Prioritise:
    """Staff move somebody in line before (or behind) those of a lower (higher) priority."""

    session_id: UUID
    person_id: UUID
    priority: int
    override: Override


@dataclass(frozen=True, slots=True)
class Accompany:
    """The holder says who comes along; nobody named: what was said is forgotten."""

    session_id: UUID
    person_id: UUID
    names: tuple[str, ...]
    before: datetime  # the session's beginning


@dataclass(frozen=True, slots=True)
class Answer:
    """To what the session asks; `follow_up`: to what it asks of those who are confirmed."""

    session_id: UUID
    person_id: UUID
    answers: Answers
    follow_up: bool = False
    by_staff: bool = False


Command = (
    Register | Confirm | Approve | Cancel | Expire | Seat | Block | Prioritise | Accompany | Answer
)
