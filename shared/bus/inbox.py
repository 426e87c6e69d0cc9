"""The inbox: which events a consumer has dealt with. Written in the transaction of the effect,

so a delivery that comes again (and each may) finds its row and does nothing.
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

    async def seen(self, tx: Tx, consumer: str, events: Iterable[UUID]) -> set[UUID]:
        """Those of the events that this consumer has dealt with already."""
        keys = [_key(consumer, event) for event in events]
        found = self._rows.find({"_id": {"$in": keys}}, {"_id": 1}, session=tx.session)
        return {row["_id"]["event"] for row in await found.to_list(None)}

    def note(self, tx: Tx, consumer: str, event: UUID, now: datetime) -> None:
        """Remember this event as dealt with, if the transaction commits.

        Two deliveries of one event at the same moment write the same `_id`: one transaction is
        made to run again, and then sees the other's row.
        """
        tx.at_commit(self._rows, InsertOne({"_id": _key(consumer, event), "at": now}))


def _key(consumer: str, event: UUID) -> Document:
    return {"consumer": consumer, "event": event}
