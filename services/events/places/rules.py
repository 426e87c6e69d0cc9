"""How many places a session has, how many are taken, how long the line is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Places:
    """A session's places: the one document that everybody wants at once."""

    session_id: UUID
    capacity: int
    taken: int
    waiting: int
    last_number: int  # of the line; numbers are never reused
    opens_at: datetime
    closes_at: datetime
