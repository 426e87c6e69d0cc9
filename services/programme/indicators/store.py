"""The values of indicators, and which things were counted."""

from datetime import datetime
from uuid import UUID

from shared.mongo import Mongo, Tx, UpdateOne


class Counters:
    def __init__(self, mongo: Mongo) -> None:
        self._counters = mongo.collection("indicators")
        self._counted = mongo.collection("counted")

    def add(self, tx: Tx, key: str, amount: int, now: datetime) -> None:
        tx.at_commit(
            self._counters,
            UpdateOne(
                {"_id": key}, {"$inc": {"value": amount}, "$max": {"as_of": now}}, upsert=True
            ),
        )

    async def count_once(self, tx: Tx, key: str, subject: UUID) -> bool:
        """True the first time that this thing counts for this indicator; then it is recorded."""
        found = await self._counted.update_one(
            {"_id": {"key": key, "subject": subject}},
            {"$setOnInsert": {"seen": True}},
            upsert=True,
            session=tx.session,
        )
        return found.upserted_id is not None

    async def values(self) -> dict[str, tuple[int, datetime]]:
        return {row["_id"]: (row["value"], row["as_of"]) async for row in self._counters.find()}
