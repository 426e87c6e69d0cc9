from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.places.rules import Places
from shared.mongo import Document, Mongo, Tx, UpdateOne


class PlacesStore:
    """The places of published sessions."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("places")

    async def open(
        self, tx: Tx, session_id: UUID, capacity: int, *, opens_at: datetime, closes_at: datetime
    ) -> None:
        """Have these terms for a session's places; those taken stay taken."""
        terms = {"capacity": capacity, "opens_at": opens_at, "closes_at": closes_at}
        await self._documents.update_one(
            {"_id": session_id},
            {"$set": terms, "$setOnInsert": {"taken": 0, "waiting": 0, "last_number": 0}},
            upsert=True,
            session=tx.session,
        )

    async def find(self, session_id: UUID) -> Places | None:
        """None for a session that is not published."""
        found = await self._documents.find_one({"_id": session_id})
        return None if found is None else _places(found)

    async def read(self, tx: Tx, sessions: Iterable[UUID]) -> dict[UUID, Places]:
        rows = self._documents.find({"_id": {"$in": list(sessions)}}, session=tx.session)
        return {row["_id"]: _places(row) for row in await rows.to_list(None)}

    def write(self, tx: Tx, places: Places) -> None:
        """Every batch that touches a session writes here: that makes two replicas take turns."""
        counts = {
            "taken": places.taken,
            "waiting": places.waiting,
            "last_number": places.last_number,
        }
        tx.later(self._documents, UpdateOne({"_id": places.session_id}, {"$set": counts}))


def _places(row: Document) -> Places:
    return Places(
        session_id=row["_id"],
        capacity=row["capacity"],
        taken=row["taken"],
        waiting=row["waiting"],
        last_number=row["last_number"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
    )
