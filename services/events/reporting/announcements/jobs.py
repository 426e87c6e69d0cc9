"""Issues announcements that are due.

First it is written down who is in the segment at this moment; then they are reached, page by page
(shared/fan_out.py). Writing down can stop anywhere and begin again: it adds the same people again,
which changes nothing.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog

from services.events.reporting.announcements.rules import (
    Announcement,
    AnnouncementIssued,
    AnnouncementStatus,
    Begin,
    Finish,
    issued,
)
from services.events.reporting.announcements.store import AnnouncementRecipients, Announcements
from services.events.reporting.segments.queries import SegmentQueries
from services.events.reporting.segments.rules import SegmentElsewhere
from shared.clock import Clock
from shared.fan_out import FanOutJob
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox

log = structlog.get_logger(__name__)

PAGE = 250  # people written down, or reached, in one transaction


class AnnouncementJob(FanOutJob[Announcement]):
    name = "announcements"

    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        announcements: Announcements,
        segments: SegmentQueries,
        clock: Clock,
    ) -> None:
        super().__init__(mongo)
        self._outbox = outbox
        self._announcements = announcements
        self._recipients = AnnouncementRecipients(mongo)
        self._segments = segments
        self._clock = clock

    async def unfinished(self) -> Sequence[Announcement]:
        return await self._announcements.due(self._clock())

    async def next_page(self, announcement: Announcement) -> bool:
        if announcement.status is AnnouncementStatus.SCHEDULED:
            return await self._begin(announcement)
        return await super().next_page(announcement)

    async def page(self, tx: Tx, announcement: Announcement) -> bool:
        """Issue it to a page of its recipients; finish it once all have been reached."""
        known = await self._announcements.get(announcement.id, tx)
        if known.status is not AnnouncementStatus.ISSUING:
            return False
        waiting = await self._recipients.waiting(tx, announcement.id, PAGE)
        if not waiting:
            await self._announcements.apply(tx, known, Finish(), self._clock())
            return False
        for row in waiting:
            self._outbox.add(tx, issued(announcement, row["_id"], row["person_id"]), sequence=1)
        self._recipients.reached(tx, waiting, self._clock())
        return True

    async def _begin(self, announcement: Announcement) -> bool:
        """Write down who is in its segment now. False if it was withdrawn or begun meanwhile.

        A large segment takes longer to read than a transaction may last, so each page of people is
        a transaction of its own.
        """
        page: list[UUID] = []
        try:
            async for person in self._segments.members(
                announcement.edition_id, announcement.segment, self._clock()
            ):
                page.append(person)
                if len(page) == PAGE:
                    await self._add(announcement, page)
                    page = []
        except SegmentElsewhere:
            # What it names is no longer the edition's, so it is for nobody.
            log.warning("announcements.segment_gone", announcement_id=str(announcement.id))
        await self._add(announcement, page)
        begin = Begin(await self._recipients.count(announcement.id))
        try:
            await self._mongo.transaction(
                lambda tx: self._announcements.perform(tx, announcement.id, begin, self._clock())
            )
        except AnnouncementIssued:
            return False
        return True

    async def _add(self, announcement: Announcement, page: Sequence[UUID]) -> None:
        async def work(tx: Tx) -> None:
            self._recipients.add(tx, announcement.id, {person_id: {} for person_id in page})

        if page:
            await self._mongo.transaction(work)
