from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from services.events.booking.clashes.rules import SessionTimes, clashing
from services.events.booking.registrations.state import Status
from shared.mongo import Mongo

Pair = tuple[UUID, UUID]
"""(session, person)"""
Clashing = Mapping[Pair, Sequence[UUID]]


class ClashQueries:
    """Looks at what people hold or are offered, and when that is: two reads for however many."""

    def __init__(self, mongo: Mongo) -> None:
        self._registrations = mongo.collection("registrations")
        self._sessions = mongo.collection("sessions")

    async def of(self, pairs: Collection[Pair]) -> Clashing:
        """The sessions that clash with each session, or with one of a course's, for each person;
        none: no entry."""
        if not pairs:
            return {}
        held = await self._held({person for _, person in pairs})
        crowded = [pair for pair in pairs if held.get(pair[1], set()) - {pair[0]}]
        if not crowded:  # most people, in a rush
            return {}
        wanted = {session for session, _ in crowded}
        owners = wanted.union(*(held[person] for _, person in crowded))
        spans = await self._spans(owners)
        clashes = {}
        for owner, person in crowded:
            others = {key for other in held[person] - {owner} for key in spans.get(other, ())}
            at = {
                key: span
                for other in held[person] | {owner}
                for key, span in spans.get(other, {}).items()
            }
            found = {other for mine in spans.get(owner, ()) for other in clashing(mine, others, at)}
            if found:
                clashes[owner, person] = sorted(found, key=lambda key: (at[key], key))
        return clashes

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

    async def _spans(self, owners: Collection[UUID]) -> dict[UUID, dict[UUID, SessionTimes]]:
        """When each is: of a session its own time, of a course that of each of its sessions."""
        keys = list(owners)
        of_course = {"activity_id": {"$in": keys}, "of_course": True, "cancelled": None}
        rows = self._sessions.find(
            {"$or": [{"_id": {"$in": keys}}, of_course], "published": True},
            {"activity_id": 1, "of_course": 1, "facts.starts_at": 1, "facts.ends_at": 1},
        )
        spans: defaultdict[UUID, dict[UUID, SessionTimes]] = defaultdict(dict)
        for row in await rows.to_list(None):
            owner = row["activity_id"] if row["of_course"] else row["_id"]
            spans[owner][row["_id"]] = SessionTimes(
                row["facts"]["starts_at"], row["facts"]["ends_at"]
            )
        return spans
