"""Issues notices that are due: settles who is told, then tells them, some at a time.

Every replica looks. Each step can be broken off anywhere and begun again: settling writes rows
whose ids follow from the notice and the person; a batch is told in the transaction that marks it
told, so that of two replicas one runs again and finds the next batch.
"""

import structlog

from services.events.reporting.announcements.rules import (
    Announcement,
    AnnouncementIssued,
    AnnouncementStatus,
    Begin,
    Finish,
    issued,
)
from services.events.reporting.announcements.store import AnnouncementCopies, Announcements
from services.events.reporting.segments.queries import SegmentQueries
from services.events.reporting.segments.rules import SegmentElsewhere
from shared.clock import Clock
from shared.mongo import Mongo, MongoError, Tx
from shared.outbox.store import Outbox
from shared.stop import Stop

log = structlog.get_logger(__name__)

EVERY = 1.0  # seconds
AT_ONCE = 250  # people told in one transaction


class AnnouncementJob:
    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        notices: Announcements,
        crowd: SegmentQueries,
        clock: Clock,
    ) -> None:
        self._mongo = mongo
        self._outbox = outbox
        self._notices = notices
        self._copies = AnnouncementCopies(mongo)
        self._crowd = crowd
        self._clock = clock

    async def run(self, stop: Stop) -> None:
        while not stop.is_set():
            try:
                await self.look(stop)
            except MongoError as error:
                log.warning("notices.store_unreachable", error=type(error).__name__)
            await stop.within(EVERY)

    async def look(self, stop: Stop | None = None) -> None:
        """Issue what is due by now; end early, between two batches, if told to stop."""
        for notice in await self._notices.due(self._clock()):
            if notice.status is AnnouncementStatus.SCHEDULED and not await self._settle(notice):
                continue
            while not (stop and stop.is_set()) and await self.tell_some(notice):
                pass

    async def _settle(self, notice: Announcement) -> bool:
        """Write down who is in the segment now. False if it was withdrawn, or is out, meanwhile."""
        some = []
        try:
            async for person in self._crowd.members(
                notice.edition_id, notice.segment, self._clock()
            ):
                some.append(person)
                if len(some) == AT_ONCE:
                    await self._copies.address(notice.id, some)
                    some = []
        except SegmentElsewhere:
            log.warning("notices.segment_gone", notice_id=str(notice.id))  # it is for nobody
        await self._copies.address(notice.id, some)
        begin = Begin(await self._copies.count(notice.id))
        try:
            await self._mongo.transaction(
                lambda tx: self._notices.perform(tx, notice.id, begin, self._clock())
            )
        except AnnouncementIssued:
            return False
        return True

    async def tell_some(self, notice: Announcement) -> bool:
        """Tell the next few. False once there is nobody left."""
        return await self._mongo.transaction(lambda tx: self._tell(tx, notice))

    async def _tell(self, tx: Tx, notice: Announcement) -> bool:
        if (await self._notices.get(notice.id, tx)).status is not AnnouncementStatus.ISSUING:
            return False
        people = await self._copies.untold(tx, notice.id, AT_ONCE)
        for person in people:
            self._outbox.add(tx, issued(notice, person), sequence=1)
        self._copies.tell(tx, notice.id, people)
        if not people:
            await self._notices.perform(tx, notice.id, Finish(), self._clock())
        return bool(people)
