"""Announcements, and whom each is for: collections `announcements`, `announcement_recipients`."""

from datetime import datetime
from uuid import UUID

from services.events.reporting.announcements import rules
from services.events.reporting.announcements.rules import (
    Announcement,
    AnnouncementStatus,
    AnnouncementUnknown,
    Command,
)
from shared.fan_out import Recipients
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, DESCENDING, Index
from shared.repositories import Repository

UNFINISHED = {
    "status": {"$in": [AnnouncementStatus.SCHEDULED.value, AnnouncementStatus.ISSUING.value]}
}


class AnnouncementRecipients(Recipients):
    """Collection `announcement_recipients`: whom an announcement (`work_id`) is for."""

    collection = "announcement_recipients"


INDEXES = [
    Index("announcements", [("edition_id", ASCENDING), ("due_at", DESCENDING), ("_id", ASCENDING)]),
    Index("announcements", [("due_at", ASCENDING)], only_where=UNFINISHED),
    *AnnouncementRecipients.indexes(),
]


class Announcements(Repository[Announcement, Command]):
    collection = "announcements"
    model = Announcement
    decide = staticmethod(rules.decide)
    not_found_error = AnnouncementUnknown

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[Announcement], str | None]:
        """The latest first."""
        latest = [("due_at", -1), ("_id", 1)]
        found, following = await read_page(self.documents, {"edition_id": edition_id}, latest, page)
        return [self.state(row) for row in found], following

    async def due(self, now: datetime) -> list[Announcement]:
        """Those that are due and not issued to everybody, the longest due first; at most 10."""
        rows = self.documents.find({**UNFINISHED, "due_at": {"$lte": now}}).sort("due_at", 1)
        return [self.state(row) for row in await rows.limit(10).to_list(None)]
