"""Opens and closes the seats of what people can uow: a session, or a course as a whole."""

from collections.abc import Sequence
from uuid import UUID

from services.events.booking.quotas.store import own_quotas
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.programme.ticket_kinds.errors import NoAccount, QuotaUnknown
from services.events.programme.ticket_kinds.rules import SeatOffer, TicketKindFacts
from shared.cause import current_cause
from shared.clock import Clock
from shared.contracts.events import CalledOff
from shared.mongo import Tx


class SeatService:
    """What the programme knows as `Seats`."""

    def __init__(self, stores: BookingStores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    def check_fees(self, kinds: Sequence[TicketKindFacts]) -> None:
        if self._stores.account is None and any(kind.fee for kind in kinds):
            raise NoAccount

    async def check_quotas(self, tx: Tx, kinds: Sequence[TicketKindFacts]) -> None:
        shared = {quota for kind in kinds for quota in kind.shared}
        if shared and shared - (await self._stores.quotas.read_quotas(tx, shared)).keys():
            raise QuotaUnknown

    async def open(self, tx: Tx, bookable_id: UUID, offer: SeatOffer) -> None:
        await self.check_quotas(tx, offer.kinds)
        await self._stores.quotas.open(tx, bookable_id, offer)
        uow = BookingUnitOfWork(tx, self._stores)
        for quota, capacity in own_quotas(bookable_id, offer.capacity, offer.kinds).items():
            await uow.resize(quota, capacity, self._clock(), current_cause())
        uow.close()

    async def close(self, tx: Tx, bookable_id: UUID, why: CalledOff) -> None:
        """With no seats left the quota is written, so that a registration that has not yet seen
        the cancellation cannot commit beside it."""
        await self._stores.quotas.cancel(tx, bookable_id, why)
        uow = BookingUnitOfWork(tx, self._stores)
        await uow.resize(bookable_id, 0, self._clock(), current_cause())
        uow.close()
