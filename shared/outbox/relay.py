"""The relay: publishes waiting outbox rows, in order for each aggregate, and marks them.

One replica relays at a time: the one that holds the lease. If two did, events would arrive twice,
but none would be lost: consumers recognise an event by its id, and an older fact by its sequence.
"""

import asyncio
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from typing import NamedTuple

import structlog
from opentelemetry.trace import SpanKind

from shared import metrics
from shared.bus.publisher import NotConfirmed, Publisher, Unroutable
from shared.bus.topology import EXCHANGE
from shared.clock import Clock
from shared.mongo import Document, Mongo, MongoError, Tx, UpdateOne
from shared.outbox.lease import Lease, LeaseLost
from shared.outbox.store import ROWS
from shared.stop import Stop
from shared.telemetry import is_sampled, span

log = structlog.get_logger(__name__)

MAX_DEFERRAL = timedelta(seconds=60)  # between two tries to publish what no queue takes
# A round costs the same for one row as for hundreds. So after a round with this many rows the relay
# waits for a moment, and the next round finds more.
LINGER_FROM = 8
LINGER = 0.1  # seconds
MAX_PAUSE = 5.0  # seconds between two tries while the broker does not answer

Chain = list[Document]
"""The waiting rows of one aggregate, by sequence."""


class Outcome(NamedTuple):
    """The result for one chain: the rows that were published, the rest, and why it stopped."""

    published: Chain
    rest: Chain
    error: Unroutable | NotConfirmed | None


class Relay:
    def __init__(
        self,
        mongo: Mongo,
        publisher: Publisher,
        lease: Lease,
        clock: Clock,
        *,
        batch: int,
        poll: float,
    ) -> None:
        self._mongo = mongo
        self._rows = mongo.collection(ROWS)
        self._publisher = publisher
        self._lease = lease
        self._clock = clock
        self._batch = batch
        self._poll = poll

    async def run(self, stop: Stop) -> None:
        """Relay while the lease is ours, until `stop` is set; then give the lease up."""
        token: int | None = None
        while not stop.is_set():
            try:
                token = await self._lease.acquire()
                if token is None:
                    await stop.sleep(self._lease.seconds / 3)
                else:
                    await self._relay(token, stop)
            except LeaseLost:
                log.warning("relay.lease_lost")
            except MongoError as error:
                log.warning("relay.store_unreachable", error=str(error)[:200])
                await stop.sleep(self._poll)
        if token is not None:
            await self._lease.release(token)

    async def _relay(self, token: int, stop: Stop) -> None:
        pause = self._poll
        while not stop.is_set():
            chains = await self._waiting()
            if not chains:
                if await self._lease.acquire() != token:
                    raise LeaseLost
                await self._await_rows(stop)
                continue
            outcomes = await asyncio.gather(*(self._publish(chain) for chain in chains))
            await self._record(outcomes, token)
            failed = next((o.error for o in outcomes if isinstance(o.error, NotConfirmed)), None)
            if failed is None:
                pause = self._poll
                if LINGER_FROM <= sum(len(chain) for chain in chains) < self._batch:
                    await stop.sleep(LINGER)
            else:
                log.warning("relay.not_confirmed", error=str(failed), pause=pause)
                await stop.sleep(pause)
                pause = min(pause * 2, MAX_PAUSE)

    async def _waiting(self) -> list[Chain]:
        """The chains of the aggregates that have waited longest.

        Always whole chains: a later row of an aggregate may have an earlier time, if its replica's
        clock is slow. So the order in a chain is by sequence, never by time.
        """
        due = self._rows.find({"due_at": {"$lte": self._clock()}}, {"aggregate": 1})
        longest = await due.sort("due_at", 1).limit(self._batch).to_list(None)
        aggregates = {row["aggregate"] for row in longest}
        if not aggregates:
            return []
        rows = await (
            self._rows.find({"aggregate": {"$in": list(aggregates)}, "due_at": {"$exists": True}})
            .sort([("aggregate", 1), ("sequence", 1)])
            .to_list(None)
        )
        return [list(chain) for _, chain in groupby(rows, key=lambda row: row["aggregate"])]

    async def _publish(self, chain: Chain) -> Outcome:
        """The rows of one aggregate, one after another; after one that fails, the rest wait."""
        now = self._clock()
        published: Chain = []
        for row in takewhile(lambda row: row["due_at"] <= now, chain):
            try:
                await self._publish_row(row)
            except (Unroutable, NotConfirmed) as error:
                return Outcome(published, chain[len(published) :], error)
            published.append(row)
        return Outcome(published, chain[len(published) :], None)

    async def _publish_row(self, row: Document) -> None:
        name, parent = row["routing_key"], row["traceparent"]
        traced = span(f"publish {name}", parent=parent, kind=SpanKind.PRODUCER)
        with traced if is_sampled(parent) else nullcontext():
            await self._publisher.publish(
                row["body"],
                exchange=EXCHANGE,
                routing_key=name,
                message_id=str(row["_id"]),
                event_type=name,
            )

    async def _record(self, outcomes: Iterable[Outcome], token: int) -> None:
        """Mark what was published and postpone the rest; or raise `LeaseLost` and write nothing."""
        now = self._clock()
        published = [row for outcome in outcomes for row in outcome.published]
        deferrals = [
            update
            for outcome in outcomes
            if outcome.rest and not isinstance(outcome.error, NotConfirmed)
            for update in _defer(outcome.rest, outcome.error, now)
        ]
        if not published and not deferrals:
            return

        async def write(tx: Tx) -> None:
            await self._lease.prove(tx, token)
            if published:
                await self._rows.update_many(
                    {"_id": {"$in": [row["_id"] for row in published]}},
                    {"$set": {"published_at": now}, "$unset": {"due_at": ""}},
                    session=tx.session,
                )
            if deferrals:
                tx.at_commit(self._rows, *deferrals)

        await self._mongo.transaction(write)
        metrics.RELAYED.inc(len(published))
        for row in published:
            metrics.RELAY_LAG.observe((now - row["created_at"]).total_seconds())

    async def _await_rows(self, stop: Stop) -> None:
        """Return when a row is written, or after one poll interval."""

        async def waiting() -> bool:
            return bool(await self._waiting())

        try:
            await self._mongo.await_insert(ROWS, self._poll, unless=waiting)
        except MongoError:
            await stop.sleep(self._poll)


def _defer(rest: Chain, error: Unroutable | NotConfirmed | None, now: datetime) -> list[UpdateOne]:
    """Postpone the first row of a chain and those behind it, so that other chains come first."""
    head, *followers = rest
    updates = []
    until = head["due_at"]
    if error is not None:
        wait = min(timedelta(seconds=2 ** min(head["attempts"], 10)), MAX_DEFERRAL)
        until = now + wait
        failure = {"due_at": until, "last_error": str(error)}
        updates.append(UpdateOne({"_id": head["_id"]}, {"$set": failure, "$inc": {"attempts": 1}}))
        log.warning("relay.unroutable", event_id=str(head["_id"]), type=head["routing_key"])
    updates += [
        UpdateOne({"_id": row["_id"]}, {"$set": {"due_at": until}})
        for row in followers
        if row["due_at"] < until
    ]
    return updates
