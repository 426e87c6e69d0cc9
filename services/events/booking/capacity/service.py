"""The quotas that sessions share, and access codes."""

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
            await self._stores.quotas.name_quota(tx, key, edition_id, name)
            self._stores.quotas.write_quota(tx, Quota(key, capacity))
            self._stores.audit.record(tx, "pool.create", "pool", key, self._clock())

        await self._mongo.transaction(work)
        return key

    async def resize(self, quota_id: UUID, capacity: int) -> None:
        """Give it so many seats; new ones go to the waiting list at once. Raises `QuotaUnknown`."""

        async def work(tx: Tx) -> None:
            await self._stores.quotas.claim(tx, [quota_id])
            if not await self._stores.quotas.read_quotas(tx, [quota_id]):
                raise QuotaUnknown
            uow = BookingUnitOfWork(tx, self._stores)
            now = self._clock()
            await uow.resize(quota_id, capacity, now, current_cause())
            uow.close()
            self._stores.audit.record(
                tx, "pool.resize", "pool", quota_id, now, changed=["capacity"]
            )

        await self._mongo.transaction(work)

    async def add_code(self, bookable_id: UUID, code: str, kind: TicketKind, uses: int) -> None:
        """Raises `CodeTaken`."""

        async def work(tx: Tx) -> None:
            await self._stores.quotas.add_code(tx, bookable_id, code, kind, uses)
            now = self._clock()
            self._stores.audit.record(tx, "session.add_code", "session", bookable_id, now)

        try:
            await self._mongo.transaction(work)
        except MongoError as error:
            if duplicated_key(error) is not None:
                raise CodeTaken from error
            raise
