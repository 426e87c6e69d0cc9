"""Changes refunds. In the same transaction it changes what the registration has due back."""

from datetime import datetime
from uuid import UUID

from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.payments.refunds.rules import Command, Refund, set_aside
from services.events.payments.refunds.store import Refunds
from shared.cause import current_cause
from shared.mongo import Tx


class RefundService:
    def __init__(self, refunds: Refunds, stores: BookingStores) -> None:
        self._refunds = refunds
        self._stores = stores

    async def perform(
        self, tx: Tx, key: UUID, command: Command, now: datetime, *, expects: int | None = None
    ) -> Refund:
        """Execute the command in the transaction.

        Raises `PreconditionFailed`, and what refunds/rules.py raises.
        """
        before = await self._refunds.find(key, tx)
        after = await self._refunds.apply(tx, before, command, now, expects=expects)
        more = after.set_aside - (before.set_aside if before else 0)
        if more:
            uow = BookingUnitOfWork(tx, self._stores)
            await uow.find([after.registration_id])
            await uow.revise(
                after.registration_id,
                lambda context, one: set_aside(context, one, more),
                now,
                current_cause(),
            )
            uow.close()
        return after
