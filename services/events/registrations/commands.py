"""What may be asked of the registration desk."""

from dataclasses import dataclass
from uuid import UUID

from services.events.places.rules import Kind
from services.events.registrations.state import Ending, Override


@dataclass(frozen=True, slots=True)
class Register:
    registration_id: UUID
    session_id: UUID
    person_id: UUID
    kind: Kind = Kind.GENERAL
    size: int = 1
    code: str | None = None
    hold: bool = False


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


Command = Register | Confirm | Approve | Cancel | Expire | Seat | Block
