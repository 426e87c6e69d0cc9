"""Work items, by due date."""

from datetime import date
from uuid import UUID

from services.programme.work_items import rules
from services.programme.work_items.rules import Command, Status, WorkItem, WorkItemUnknown
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index
from shared.repositories import Repository

INDEXES = [
    Index("work_items", [("due", ASCENDING), ("_id", ASCENDING)]),
    Index("work_items", [("facts.lead", ASCENDING), ("due", ASCENDING), ("_id", ASCENDING)]),
]


class WorkItems(Repository[WorkItem, Command]):
    collection = "work_items"
    model = WorkItem
    decide = staticmethod(rules.decide)
    not_found_error = WorkItemUnknown

    def document(self, state: WorkItem) -> Document:
        return super().document(state) | {"due": state.due.isoformat()}

    async def find_by(
        self,
        page: PageRequest,
        *,
        lead: UUID | None = None,
        initiative_id: UUID | None = None,
        late_on: date | None = None,
    ) -> tuple[list[WorkItem], str | None]:
        """By due date, the earliest first. `late_on`: only those that are late on that day."""
        query: Document = {}
        if lead is not None:
            query["facts.lead"] = lead
        if initiative_id is not None:
            query["facts.initiative_id"] = initiative_id
        if late_on is not None:
            query["due"] = {"$lt": late_on.isoformat()}
            query["status"] = {"$ne": Status.DONE.value}
        by_date = [("due", 1), ("_id", 1)]
        found, following = await read_page(self.documents, query, by_date, page)
        return [self.state(row) for row in found], following
