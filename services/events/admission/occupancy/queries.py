from collections import Counter
from collections.abc import Collection
from uuid import UUID

from services.events.admission.occupancy import rules
from services.events.admission.occupancy.rules import PersonInside
from services.events.admission.scans.rules import JudgedScan, judge
from services.events.admission.scans.store import scans_of
from shared.mongo import Mongo

SEEN = {"session_id": 1, "person_id": 1, "size": 1, "since": 1}


class OccupancyQueries:
    """Reads what the gates have noted; it keeps nothing of its own."""

    def __init__(self, mongo: Mongo) -> None:
        self._entries = mongo.collection("ticket_scans")

    async def inside(self, sessions: Collection[UUID]) -> Counter[UUID]:
        """How many people are in each of these sessions now."""
        there = {"session_id": {"$in": list(sessions)}, "inside": True}
        people = await self._entries.distinct("person_id", there)
        anywhere = {"person_id": {"$in": people}, "inside": True}
        rows = await self._entries.find(anywhere, SEEN).to_list(None)
        found = rules.inside(
            PersonInside(row["person_id"], row["session_id"], row["size"], row["since"])
            for row in rows
        )
        return Counter({key: found[key] for key in sessions if found[key]})

    async def admitted(self, session_id: UUID) -> int:
        """How many people were ever let in."""
        came = {"$match": {"session_id": session_id, "admitted": True}}
        found = await self._entries.aggregate(
            [came, {"$group": {"_id": None, "people": {"$sum": "$size"}}}]
        ).to_list(None)
        return int(found[0]["people"]) if found else 0

    async def of_person(
        self, person_id: UUID, sessions: Collection[UUID]
    ) -> list[tuple[UUID, int, list[JudgedScan]]]:
        """For `rules.trail`: all that gates saw of one person in these sessions."""
        query = {"person_id": person_id, "session_id": {"$in": list(sessions)}}
        rows = await self._entries.find(query).to_list(None)
        return [(row["session_id"], row["size"], judge(scans_of(row))[0]) for row in rows]
