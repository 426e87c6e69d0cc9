"""The collection `courses`."""

from uuid import UUID

from services.events.courses.courses import rules
from services.events.courses.courses.errors import CourseUnknown
from services.events.courses.courses.rules import Command, Course
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, Tx
from shared.repositories import Repository

INDEXES = [
    Index("courses", [("edition_id", ASCENDING), ("_id", ASCENDING)]),
]


class Courses(Repository[Course, Command]):
    collection = "courses"
    model = Course
    decide = staticmethod(rules.decide)
    not_found_error = CourseUnknown

    async def trainers(self, query: Document, tx: Tx | None = None) -> dict[UUID, list[UUID]]:
        """The trainers of each course of which this is true."""
        rows = self.documents.find(query, {"facts.trainers": 1}, session=tx and tx.session)
        return {row["_id"]: row["facts"]["trainers"] for row in await rows.to_list(None)}

    async def all_of_edition(self, edition_id: UUID) -> list[Course]:
        """Planned ones too."""
        rows = await self.documents.find({"edition_id": edition_id}).to_list(None)
        return [self.state(row) for row in rows]

    async def of_edition(
        self, edition_id: UUID, page: PageRequest, *, planned: bool
    ) -> tuple[list[Course], str | None]:
        """The published ones; with `planned`, all of them."""
        query: Document = {"edition_id": edition_id} | ({} if planned else {"published": True})
        found, following = await read_page(self.documents, query, [("_id", 1)], page)
        return [self.state(row) for row in found], following
