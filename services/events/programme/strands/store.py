"""The collection `strands`."""

from uuid import UUID

from services.events.programme.strands import rules
from services.events.programme.strands.rules import Describe, Strand, StrandUnknown
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository

INDEXES = [
    Index("strands", [("edition_id", ASCENDING), ("facts.order", ASCENDING), ("_id", ASCENDING)])
]


class Strands(Repository[Strand, Describe]):
    collection = "strands"
    model = Strand
    decide = staticmethod(rules.decide)
    not_found_error = StrandUnknown

    async def of_edition(self, edition_id: UUID) -> list[Strand]:
        """In their order."""
        found = self.documents.find({"edition_id": edition_id})
        rows = await found.sort([("facts.order", 1), ("_id", 1)]).to_list(None)
        return [self.state(row) for row in rows]

    async def check_in_edition(self, edition_id: UUID, strand_id: UUID | None) -> None:
        """Raises `StrandUnknown` if the edition has no such strand."""
        if strand_id is not None and (await self.get(strand_id)).edition_id != edition_id:
            raise StrandUnknown
