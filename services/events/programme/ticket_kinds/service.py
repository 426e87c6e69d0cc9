"""What the programme asks of booking: to open and close the seats of sessions and courses."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.events.programme.ticket_kinds.rules import SeatOffer, TicketKindFacts
from shared.contracts.events import CalledOff
from shared.mongo import Tx


class Seats(Protocol):
    """Built by the booking area, which stands above: so the programme knows no more than this."""

    def check_fees(self, kinds: Sequence[TicketKindFacts]) -> None:
        """Raises `NoAccount` if one of them costs something and nobody could be paid."""

    async def check_quotas(self, tx: Tx, kinds: Sequence[TicketKindFacts]) -> None:
        """Raises `QuotaUnknown` if one of them names a shared quota that does not exist."""

    async def open(self, tx: Tx, bookable_id: UUID, offer: SeatOffer) -> None:
        """From now on these are the terms. New seats go to the waiting list at once."""

    async def close(self, tx: Tx, bookable_id: UUID, why: CalledOff) -> None:
        """It is cancelled: nobody gets a seat any more. Registrations are ended afterwards."""
