from datetime import datetime

from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.payments.refunds import rules
from services.events.payments.refunds.rules import (
    Command,
    Refund,
    RefundState,
    RefundUnknown,
    set_aside,
)
from shared.aggregates import Decision, Repository
from shared.cause import current_cause
from shared.clock import Clock
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index, Mongo, Tx
from shared.outbox.store import Outbox

INDEXES = [
    Index("refunds", [("state", ASCENDING), ("_id", ASCENDING)]),
    Index("refunds", [("registration_id", ASCENDING), ("_id", ASCENDING)]),
]


class Refunds(Repository[Refund, Command]):
    collection = "refunds"
    model = Refund
    missing = RefundUnknown

    def __init__(self, mongo: Mongo, outbox: Outbox, stores: BookingStores, clock: Clock) -> None:
        super().__init__(mongo, outbox)
        self._stores = stores
        self._clock = clock

    def decide(self, state: Refund | None, command: Command, now: datetime) -> Decision[Refund]:
        return rules.decide(state, command, now)

    async def _write(self, tx: Tx, before: Refund | None, decision: Decision[Refund]) -> Refund:
        """What a refund sets aside is no longer due, in the same transaction."""
        after = decision.state
        more = after.set_aside - (before.set_aside if before else 0)
        if more:
            book = BookingUnitOfWork(tx, self._stores)
            await book.find([after.registration_id])
            await book.revise(
                after.registration_id,
                lambda _, one: set_aside(one, more),
                self._clock(),
                current_cause(),
            )
            book.close()
        return await super()._write(tx, before, decision)

    async def in_state(
        self, state: RefundState, page: PageRequest
    ) -> tuple[list[Refund], str | None]:
        """The oldest first."""
        query = {"state": state.value}
        found, following = await read_page(self.documents, query, [("_id", 1)], page)
        return [self.state(row) for row in found], following
