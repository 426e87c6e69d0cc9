"""The collection `outcomes`."""

from uuid import UUID

from services.events.forum.outcomes import rules
from services.events.forum.outcomes.rules import Command, Outcome, OutcomeUnknown
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository

INDEXES = [Index("outcomes", [("session_id", ASCENDING), ("_id", ASCENDING)])]


class Outcomes(Repository[Outcome, Command]):
    collection = "outcomes"
    model = Outcome
    decide = staticmethod(rules.decide)
    not_found_error = OutcomeUnknown

    async def of_session(self, session_id: UUID) -> list[Outcome]:
        """Those that were not withdrawn, in the order in which they were recorded; at most 500."""
        query = {"session_id": session_id, "withdrawn": False}
        rows = await self.documents.find(query).sort("_id", 1).to_list(500)
        return [self.state(row) for row in rows]
