from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from services.events.clashes.rules import Span, clashing
from services.events.registrations.state import Status
from shared.mongo import Mongo

Pair = tuple[UUID, UUID]
"""(session, person)"""
Clashing = Mapping[Pair, Sequence[UUID]]


class Clashes:
    """Looks at what people hold or are offered, and when that is: two reads for however many."""

    def __init__(self, mongo: Mongo) -> None:
        self._registrations = mongo.collection("registrations")
        self._sessions = mongo.collection("sessions")

    async def of(self, pairs: Collection[Pair]) -> Clashing:
        """The sessions that clash with each session for each person; none: no entry."""
        if not pairs:
            return {}
        held = await self._held({person for _, person in pairs})
        crowded = [pair for pair in pairs if held.get(pair[1], set()) - {pair[0]}]
        if not crowded:  # most people, in a rush
            return {}
        wanted = {session for session, _ in crowded}
        spans = await self._spans(wanted.union(*(held[person] for _, person in crowded)))
        return {
            (session, person): found
            for session, person in crowded
            if (found := clashing(session, held[person], spans))
        }

    async def _held(self, people: Collection[UUID]) -> dict[UUID, set[UUID]]:
        neither = [Status.WAITING.value, Status.CANCELLED.value]
        rows = self._registrations.find(
            {"person_id": {"$in": list(people)}, "status": {"$nin": neither}},
            {"_id": 0, "person_id": 1, "session_id": 1},
        )
        held: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for row in await rows.to_list(None):
            held[row["person_id"]].add(row["session_id"])
        return held

    async def _spans(self, sessions: Collection[UUID]) -> dict[UUID, Span]:
        rows = self._sessions.find(
            {"_id": {"$in": list(sessions)}, "published": True},
            {"facts.starts_at": 1, "facts.ends_at": 1},
        )
        return {
            row["_id"]: Span(row["facts"]["starts_at"], row["facts"]["ends_at"])
            for row in await rows.to_list(None)
        }
