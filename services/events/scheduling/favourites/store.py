"""The sessions that somebody has marked for themselves. They hold no place."""

from uuid import UUID

from shared.mongo import ASCENDING, Index, Mongo

MOST = 1_000  # of one person
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
        """The sessions of one person, at most `MOST`."""
        rows = self._documents.find({"_id.person": person_id}, {"_id": 1}).limit(MOST)
        return [row["_id"]["session"] for row in await rows.to_list(None)]

    async def room(self, person_id: UUID) -> bool:
        return await self._documents.count_documents({"_id.person": person_id}, limit=MOST) < MOST
