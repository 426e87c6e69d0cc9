"""The pools that sessions share, and the access codes."""

from uuid import UUID

from services.events.booking.quotas.errors import CodeTaken
from services.events.booking.quotas.rules import Quota
from services.events.booking.unit_of_work.service import BookingStores, BookingUnitOfWork
from services.events.programme.ticket_kinds.errors import QuotaUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.cause import current_cause
from shared.clock import Clock
from shared.ids import new_id
from shared.mongo import Mongo, MongoError, Tx, duplicated_key


class QuotaService:
    def __init__(self, mongo: Mongo, clock: Clock, stores: BookingStores) -> None:
        self._mongo = mongo
        self._clock = clock
        self._stores = stores

    async def create(self, edition_id: UUID, name: str, capacity: int) -> UUID:
        key = new_id()

        async def work(tx: Tx) -> None:
            await self._stores.places.name_pool(tx, key, edition_id, name)
            self._stores.places.write_pool(tx, Quota(key, capacity))
            self._stores.audit.record(tx, "pool.create", "pool", key, self._clock())

        await self._mongo.transaction(work)
        return key

    async def resize(self, pool_id: UUID, capacity: int) -> None:
        """Have so many places; those in line get what is new. Raises `QuotaUnknown`."""

        async def work(tx: Tx) -> None:
            await self._stores.places.claim(tx, [pool_id])
            if not await self._stores.places.read_pools(tx, [pool_id]):
                raise QuotaUnknown
            book = BookingUnitOfWork(tx, self._stores)
            now = self._clock()
            await book.resize(pool_id, capacity, now, current_cause())
            book.close()
            self._stores.audit.record(tx, "pool.resize", "pool", pool_id, now, changed=["capacity"])

        await self._mongo.transaction(work)

    async def add_code(self, bookable_id: UUID, code: str, kind: TicketKind, uses: int) -> None:
        """Raises `CodeTaken`."""

        async def work(tx: Tx) -> None:
            await self._stores.places.add_code(tx, bookable_id, code, kind, uses)
            now = self._clock()
            self._stores.audit.record(tx, "session.add_code", "session", bookable_id, now)

        try:
            await self._mongo.transaction(work)
        except MongoError as error:
            if duplicated_key(error) is not None:
                raise CodeTaken from error
            raise
