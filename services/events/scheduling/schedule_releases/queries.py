"""Which sessions of an edition a release or a cancellation is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.mongo import Document


@dataclass(frozen=True, slots=True)
class SessionSelection:
    """The sessions for which everything is true that is given here; of nothing given: all."""

    sessions: Collection[UUID] | None = None
    venue_id: UUID | None = None
    starts_since: datetime | None = None
    starts_before: datetime | None = None
    ends_after: datetime | None = None

    def query(self) -> Document:
        """For the collection `sessions`. Times and venue are those in force, not a draft's."""
        found: Document = {}
        if self.sessions is not None:
            found["_id"] = {"$in": list(self.sessions)}
        if self.venue_id is not None:
            found["facts.venue_id"] = self.venue_id
        starts = {"$gte": self.starts_since, "$lt": self.starts_before}
        if limits := {name: moment for name, moment in starts.items() if moment is not None}:
            found["facts.starts_at"] = limits
        if self.ends_after is not None:
            found["facts.ends_at"] = {"$gt": self.ends_after}
        return found
