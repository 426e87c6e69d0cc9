"""What the programme asks of booking: to open and close the seats of sessions and courses."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.events.programme.ticket_kinds.rules import SeatOffer, TicketKindFacts
from shared.contracts.events import CalledOff
from shared.mongo import Tx


class Seats(Protocol):
    """Implemented by the booking area, so that the programme need not import booking."""

    def check_fees(self, kinds: Sequence[TicketKindFacts]) -> None:
        """Raises `NoAccount` if a kind has a fee and the service has no bank account for fees."""

    async def check_quotas(self, tx: Tx, kinds: Sequence[TicketKindFacts]) -> None:
        """Raises `QuotaUnknown` if a kind names a shared quota that does not exist."""

    async def open(self, tx: Tx, bookable_id: UUID, offer: SeatOffer) -> None:
        """Set the terms from now on. Additional seats go to the waiting list at once."""

    async def close(self, tx: Tx, bookable_id: UUID, why: CalledOff) -> None:
        """It is cancelled: nobody gets a seat any more. Its registrations are ended afterwards."""
