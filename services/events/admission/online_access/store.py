from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.admission.online_access import rules
from services.events.admission.online_access.rules import Describe, OnlineAccess, OnlineAccessFacts
from services.events.programme.sessions.rules import SessionUnknown
from shared.aggregates import Decision, ImplicitRepository


class OnlineAccesses(ImplicitRepository[OnlineAccess, Describe]):
    collection = "online_access"
    model = OnlineAccess
    missing = SessionUnknown

    def decide(
        self, state: OnlineAccess | None, command: Describe, now: datetime
    ) -> Decision[OnlineAccess]:
        return rules.decide(state, command, now)

    async def of_sessions(self, keys: Iterable[UUID]) -> dict[UUID, OnlineAccessFacts]:
        """The access facts of these sessions, where an address has been entered."""
        query = {"_id": {"$in": list(keys)}, "facts.url": {"$ne": None}}
        rows = await self.documents.find(query).to_list(None)
        return {row["_id"]: self.state(row).facts for row in rows}
