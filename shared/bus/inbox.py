"""The inbox: which events a consumer has handled.

A row is written in the transaction of the effect. Any delivery may come again; then its row is
there already, and nothing is done.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from shared.mongo import ASCENDING, Document, Index, InsertOne, Mongo, Tx

ROWS = "inbox"


def indexes(keep: timedelta) -> list[Index]:
    return [Index(ROWS, [("at", ASCENDING)], expire_after=keep)]


class Inbox:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = mongo.collection(ROWS)

    async def handled(self, tx: Tx, consumer: str, events: Iterable[UUID]) -> set[UUID]:
        """Those of the events that this consumer has handled already."""
        keys = [_key(consumer, event) for event in events]
        found = self._rows.find({"_id": {"$in": keys}}, {"_id": 1}, session=tx.session)
        return {row["_id"]["event"] for row in await found.to_list(None)}

    def record(self, tx: Tx, consumer: str, event: UUID, now: datetime) -> None:
        """Record this event as handled, if the transaction commits.

        Two deliveries of one event at the same moment write the same `_id`. So one of the two
        transactions has to run again, and then it finds the row of the other.
        """
        tx.at_commit(self._rows, InsertOne({"_id": _key(consumer, event), "at": now}))


def _key(consumer: str, event: UUID) -> Document:
    return {"consumer": consumer, "event": event}
