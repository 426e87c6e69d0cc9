from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.reporting.announcements import rules
from services.events.reporting.announcements.rules import (
    Announcement,
    AnnouncementStatus,
    AnnouncementUnknown,
    Command,
    copy_id,
)
from shared.aggregates import Decision
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, DESCENDING, Index, Mongo, Tx, UpdateOne
from shared.repositories import Repository

UNDER_WAY = {
    "status": {"$in": [AnnouncementStatus.SCHEDULED.value, AnnouncementStatus.ISSUING.value]}
}
UNTOLD = {"told": False}

INDEXES = [
    Index("notices", [("edition_id", ASCENDING), ("due_at", DESCENDING), ("_id", ASCENDING)]),
    Index("notices", [("due_at", ASCENDING)], only_where=UNDER_WAY),
    Index("notice_copies", [("notice_id", ASCENDING), ("_id", ASCENDING)]),
    Index("notice_copies", [("notice_id", ASCENDING)], only_where=UNTOLD),
]


class Announcements(Repository[Announcement, Command]):
    collection = "notices"
    model = Announcement
    not_found_error = AnnouncementUnknown

    def decide(
        self, state: Announcement | None, command: Command, now: datetime
    ) -> Decision[Announcement]:
        return rules.decide(state, command, now)

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[Announcement], str | None]:
        """The latest first."""
        latest = [("due_at", -1), ("_id", 1)]
        found, following = await read_page(self.documents, {"edition_id": edition_id}, latest, page)
        return [self.state(row) for row in found], following

    async def due(self, now: datetime) -> list[Announcement]:
        """Those to be issued now, or that somebody has begun to issue; a few at a time."""
        rows = self.documents.find({**UNDER_WAY, "due_at": {"$lte": now}}).sort("due_at", 1)
        return [self.state(row) for row in await rows.limit(10).to_list(None)]


class AnnouncementCopies:
    """Whom each notice is for, and who has been told: one row a person."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("notice_copies")

    async def address(self, notice_id: UUID, people: Iterable[UUID]) -> None:
        """Have a copy for each of them. Done again, it is done already."""
        copies = [
            UpdateOne(
                {"_id": copy_id(notice_id, person)},
                {"$setOnInsert": {"notice_id": notice_id, "person_id": person, **UNTOLD}},
                upsert=True,
            )
            for person in people
        ]
        if copies:
            await self._documents.bulk_write(copies, ordered=False)

    async def count(self, notice_id: UUID, *, told: bool = False) -> int:
        query = {"notice_id": notice_id} | ({"told": True} if told else {})
        return await self._documents.count_documents(query)

    async def untold(self, tx: Tx, notice_id: UUID, limit: int) -> list[UUID]:
        """People who have yet to be told."""
        rows = self._documents.find({"notice_id": notice_id, **UNTOLD}, session=tx.session)
        return [row["person_id"] for row in await rows.limit(limit).to_list(None)]

    def tell(self, tx: Tx, notice_id: UUID, people: Iterable[UUID]) -> None:
        """They are told, if the transaction commits."""
        for person in people:
            change = UpdateOne({"_id": copy_id(notice_id, person)}, {"$set": {"told": True}})
            tx.at_commit(self._documents, change)
