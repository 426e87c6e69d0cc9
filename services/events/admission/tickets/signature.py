from uuid import UUID

from services.events.admission.tickets.rules import TicketInvalid, claims, read_claims
from shared.signing import BadSignature, KeyRing


class TicketSigner:
    """Signs tickets and reads them."""

    def __init__(self, keys: KeyRing) -> None:
        self.keys = keys

    def sign(self, registration_id: UUID, session_id: UUID) -> str:
        return self.keys.sign(claims(registration_id, session_id))

    def read(self, ticket: str) -> tuple[UUID, UUID]:
        """(registration, session). Raises `TicketInvalid`."""
        try:
            return read_claims(self.keys.verify(ticket))
        except BadSignature as error:
            raise TicketInvalid from error
