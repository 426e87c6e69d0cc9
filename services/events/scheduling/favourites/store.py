"""The sessions that people have marked for themselves. A mark takes no seat."""

from uuid import UUID

from shared.mongo import ASCENDING, Index, Mongo

MAX_FAVOURITES = 1_000  # of one person
INDEXES = [Index("favourites", [("_id.person", ASCENDING)])]


class Favourites:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("favourites")

    async def mark(self, person_id: UUID, session_id: UUID) -> None:
        key = {"person": person_id, "session": session_id}
        await self._documents.update_one({"_id": key}, {"$set": {}}, upsert=True)

    async def unmark(self, person_id: UUID, session_id: UUID) -> None:
        await self._documents.delete_one({"_id": {"person": person_id, "session": session_id}})

    async def of(self, person_id: UUID) -> list[UUID]:
        """The sessions that one person has marked, at most `MAX_FAVOURITES`."""
        rows = self._documents.find({"_id.person": person_id}, {"_id": 1}).limit(MAX_FAVOURITES)
        return [row["_id"]["session"] for row in await rows.to_list(None)]

    async def may_add(self, person_id: UUID) -> bool:
        """True if this person has fewer than `MAX_FAVOURITES`."""
        own = {"_id.person": person_id}
        count = await self._documents.count_documents(own, limit=MAX_FAVOURITES)
        return count < MAX_FAVOURITES
