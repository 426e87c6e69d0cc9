from dataclasses import dataclass
from uuid import UUID

from services.events.booking.registrations.state import Answers, TransferCode


@dataclass(frozen=True, slots=True)
class OfferTransfer:
    """The holder lets whoever has the code take their place; with None, nobody any more."""

    session_id: UUID
    person_id: UUID
    transfer: TransferCode | None


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """Somebody has the code of a transfer and takes the holder's place."""

    registration_id: UUID  # of what they get
    session_id: UUID
    person_id: UUID  # whoever takes it
    holder_id: UUID
    secret: bytes  # the code's hash
    answers: Answers | None = None  # theirs, to what the session asks
