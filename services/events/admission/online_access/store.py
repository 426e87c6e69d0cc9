from collections.abc import Iterable
from uuid import UUID

from services.events.admission.online_access import rules
from services.events.admission.online_access.rules import Describe, OnlineAccess, OnlineAccessFacts
from services.events.programme.sessions.rules import SessionUnknown
from shared.repositories import ImplicitRepository


class OnlineAccesses(ImplicitRepository[OnlineAccess, Describe]):
    collection = "online_access"
    model = OnlineAccess
    decide = staticmethod(rules.decide)
    not_found_error = SessionUnknown

    async def of_sessions(self, keys: Iterable[UUID]) -> dict[UUID, OnlineAccessFacts]:
        """The access facts of these sessions, where an address has been entered."""
        query = {"_id": {"$in": list(keys)}, "facts.url": {"$ne": None}}
        rows = await self.documents.find(query).to_list(None)
        return {row["_id"]: self.state(row).facts for row in rows}
