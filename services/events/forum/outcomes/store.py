from datetime import datetime
from uuid import UUID

from services.events.forum.outcomes import rules
from services.events.forum.outcomes.rules import Command, Outcome, OutcomeUnknown
from shared.aggregates import Decision, Repository
from shared.mongo import ASCENDING, Index

INDEXES = [Index("outcomes", [("session_id", ASCENDING), ("_id", ASCENDING)])]


class Outcomes(Repository[Outcome, Command]):
    collection = "outcomes"
    model = Outcome
    missing = OutcomeUnknown

    def decide(self, state: Outcome | None, command: Command, now: datetime) -> Decision[Outcome]:
        return rules.decide(state, command, now)

    async def of_session(self, session_id: UUID) -> list[Outcome]:
        """Those that stand, as they were recorded; at most 500."""
        query = {"session_id": session_id, "withdrawn": False}
        rows = await self.documents.find(query).sort("_id", 1).to_list(500)
        return [self.state(row) for row in rows]
