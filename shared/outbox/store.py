"""The outbox: one row for each event, written in the transaction of the change it reports.

A row that waits has `due_at`. A published one has `published_at` instead, and is deleted after a
week.
"""

from datetime import datetime, timedelta

from shared.cause import Cause, current_cause
from shared.clock import Clock
from shared.contracts.base import Envelope, Event
from shared.ids import new_id
from shared.mongo import ASCENDING, Document, Index, InsertOne, Mongo, Tx

ROWS = "outbox"


def indexes(keep: timedelta) -> list[Index]:
    waiting = {"due_at": {"$exists": True}}
    return [
        Index(ROWS, [("due_at", ASCENDING)], only_where=waiting),
        Index(ROWS, [("aggregate", ASCENDING), ("sequence", ASCENDING)], only_where=waiting),
        Index(ROWS, [("published_at", ASCENDING)], expire_after=keep),
    ]


class Outbox:
    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self._rows = mongo.collection(ROWS)
        self._clock = clock

    def add(self, tx: Tx, event: Event, *, sequence: int, cause: Cause | None = None) -> None:
        """Publish this event if, and only if, the transaction commits.

        `sequence` is the version of the aggregate after the change. The cause is the present one,
        unless another is given.
        """
        made = row(event, sequence, cause or current_cause(), self._clock())
        tx.at_commit(self._rows, InsertOne(made))


def row(event: Event, sequence: int, cause: Cause, now: datetime) -> Document:
    event_id = new_id()
    envelope = Envelope.of(
        event,
        id=event_id,
        time=now,
        sequence=sequence,
        correlationid=cause.correlation_id,
        causationid=cause.causation_id,
        traceparent=cause.traceparent,
    )
    return {
        "_id": event_id,
        "aggregate": event.subject,
        "sequence": sequence,
        "routing_key": event.type,
        "body": envelope.to_wire(),
        "traceparent": cause.traceparent,
        "created_at": now,
        "due_at": now,
        "attempts": 0,
        "last_error": None,
    }


class Backlog:
    """How much waits in the outbox, for operators."""

    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self._rows = mongo.collection(ROWS)
        self._clock = clock

    async def waiting(self) -> int:
        return await self._rows.count_documents({"due_at": {"$exists": True}})

    async def oldest_due(self) -> timedelta | None:
        """How long the oldest waiting row has been due; None if no row waits."""
        row = await self._rows.find_one({"due_at": {"$exists": True}}, sort=[("due_at", 1)])
        return None if row is None else max(self._clock() - row["due_at"], timedelta())
