"""The collection `papers`."""

from collections.abc import Collection
from uuid import UUID

from services.events.forum.papers import rules
from services.events.forum.papers.rules import Command, Paper, PaperStatus, PaperUnknown
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index
from shared.repositories import Repository

INDEXES = [
    Index("papers", [("activity_id", ASCENDING), ("_id", ASCENDING)]),
    Index("papers", [("submitted_by", ASCENDING), ("_id", ASCENDING)]),
]


class Papers(Repository[Paper, Command]):
    collection = "papers"
    model = Paper
    decide = staticmethod(rules.decide)
    not_found_error = PaperUnknown

    async def of_forum(
        self, activity_id: UUID, statuses: Collection[PaperStatus], page: PageRequest
    ) -> tuple[list[Paper], str | None]:
        """In the order in which they were submitted."""
        query = {"activity_id": activity_id, "status": {"$in": [str(one) for one in statuses]}}
        return await self._page(query, 1, page)

    async def of_person(self, person_id: UUID, page: PageRequest) -> tuple[list[Paper], str | None]:
        """What one person has submitted, the latest first."""
        return await self._page({"submitted_by": person_id}, -1, page)

    async def _page(
        self, query: Document, direction: int, page: PageRequest
    ) -> tuple[list[Paper], str | None]:
        found, following = await read_page(self.documents, query, [("_id", direction)], page)
        return [self.state(row) for row in found], following
