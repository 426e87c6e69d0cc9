from datetime import datetime
from uuid import UUID

from services.events.activities import rules
from services.events.activities.rules import Activity, ActivityUnknown, Describe
from shared.aggregates import Decision, Repository
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index

INDEXES = [Index("activities", [("edition_id", ASCENDING), ("_id", ASCENDING)])]


class Activities(Repository[Activity, Describe]):
    collection = "activities"
    model = Activity
    missing = ActivityUnknown

    def decide(
        self, state: Activity | None, command: Describe, now: datetime
    ) -> Decision[Activity]:
        return rules.decide(state, command, now)

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[Activity], str | None]:
        found, following = await read_page(
            self.documents, {"edition_id": edition_id}, [("_id", 1)], page
        )
        return [self.state(document) for document in found], following
