from dataclasses import dataclass
from uuid import UUID

from services.events.booking.registrations.commands import Register
from services.events.programme.ticket_kinds.rules import TicketKind


@dataclass(frozen=True, slots=True)
class ChangeRegistration:
    """Another size or kind of what somebody has, or waits for. What is None stays."""

    session_id: UUID
    person_id: UUID
    size: int | None = None
    kind: TicketKind | None = None
    code: str | None = None
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class MoveRegistration:
    """What they have in this session for a place in another one: both or nothing happens."""

    session_id: UUID
    person_id: UUID
    to: Register  # its size is that of what they have
    by_staff: bool = False
