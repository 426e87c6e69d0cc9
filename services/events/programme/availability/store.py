"""The collection `availability`."""

from uuid import UUID

from services.events.programme.availability import rules
from services.events.programme.availability.rules import Availability, SetAvailability
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index
from shared.repositories import ImplicitRepository

INDEXES = [Index("availability", [("edition_id", ASCENDING), ("_id", ASCENDING)])]


class Availabilities(ImplicitRepository[Availability, SetAvailability]):
    collection = "availability"
    model = Availability
    decide = staticmethod(rules.decide)

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[Availability], str | None]:
        rows, following = await read_page(
            self.documents, {"edition_id": edition_id}, [("_id", 1)], page
        )
        return [self.state(row) for row in rows], following

    async def all_of_edition(self, edition_id: UUID) -> list[Availability]:
        rows = await self.documents.find({"edition_id": edition_id}).to_list(None)
        return [self.state(row) for row in rows]
