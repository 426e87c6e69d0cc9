from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.admission.online_access import rules
from services.events.admission.online_access.rules import Describe, Facts, Stream
from services.events.programme.sessions.rules import SessionUnknown
from shared.aggregates import Decision, Slate


class Streams(Slate[Stream, Describe]):
    collection = "streams"
    model = Stream
    missing = SessionUnknown

    def decide(self, state: Stream | None, command: Describe, now: datetime) -> Decision[Stream]:
        return rules.decide(state, command, now)

    async def of_sessions(self, keys: Iterable[UUID]) -> dict[UUID, Facts]:
        """Of those that have an address already."""
        query = {"_id": {"$in": list(keys)}, "facts.url": {"$ne": None}}
        rows = await self.documents.find(query).to_list(None)
        return {row["_id"]: self.state(row).facts for row in rows}
