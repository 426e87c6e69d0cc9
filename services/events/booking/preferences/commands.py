from dataclasses import dataclass
from uuid import UUID

from services.events.booking.registrations.commands import Register


@dataclass(frozen=True, slots=True)
class RegisterByPreference:
    """A place in any one of several sessions, the one that is liked most first."""

    wish_id: UUID
    person_id: UUID
    sessions: tuple[Register, ...]


@dataclass(frozen=True, slots=True)
class WithdrawPreferences:
    """Give up the place of a wish, or leave all its lines, whichever it has come to."""

    wish_id: UUID
    person_id: UUID
    sessions: tuple[UUID, ...]
