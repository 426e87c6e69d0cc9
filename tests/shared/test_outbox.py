"""The outbox and its relay: nothing lost, in order within an aggregate, nobody held up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import aio_pika
import pytest

from shared.bus.publisher import Publisher
from shared.bus.topology import EXCHANGE, declare_exchange, declare_queue
from shared.cause import Cause, set_cause
from shared.clock import now
from shared.contracts.base import read_wire
from shared.contracts.registry import DesignerReturned, DesignerSubmitted
from shared.ids import new_id
from shared.mongo import Mongo
from shared.outbox import store
from shared.outbox.lease import Lease, LeaseLost
from shared.outbox.relay import Relay
from shared.outbox.store import Outbox
from shared.stop import Stop
from shared.testing.waiting import eventually
from tests.conftest import Toy

SUBMITTED = "registry.designer.submitted.v1"
RETURNED = "registry.designer.returned.v1"


class Bench:
    """An outbox, and a queue that takes what is relayed."""

    def __init__(self, mongo: Mongo, toy: Toy) -> None:
        self.mongo = mongo
        self.url = toy.amqp_url.get_secret_value()
        self.outbox = Outbox(mongo, now)
        self.rows = mongo.collection(store.ROWS)

    async def tell(self, *events: DesignerSubmitted | DesignerReturned, first: int = 1) -> None:
        async def write(tx):
            for sequence, event in enumerate(events, start=first):
                self.outbox.add(tx, event, sequence=sequence)

        await self.mongo.transaction(write)

    async def bind(self, *types: str) -> None:
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            await declare_exchange(channel)
            await declare_queue(channel, "sink", types)

    async def arrived(self) -> list[tuple[UUID, int]]:
        """What is in the queue, in its order, as (subject, sequence). Empties it."""
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            queue = await channel.get_queue("sink")
            found = []
            while (message := await queue.get(fail=False, no_ack=True)) is not None:
                envelope, _ = read_wire(message.body)
                found.append((envelope.subject, envelope.sequence))
            return found

    async def waiting(self) -> int:
        return await self.rows.count_documents({"due_at": {"$exists": True}})

    async def all_out(self) -> bool:
        return await self.waiting() == 0

    @asynccontextmanager
    async def relaying(self, holder: str = "one", lease: float = 2) -> AsyncIterator[Publisher]:
        publisher = Publisher(self.url, "test", 5)
        relay = Relay(
            self.mongo,
            publisher,
            Lease(self.mongo, "relay", holder, lease),
            now,
            batch=50,
            poll=0.1,
        )
        stop = Stop()
        task = asyncio.create_task(relay.run(stop))
        try:
            yield publisher
        finally:
            stop.set()
            await task
            await publisher.close()


@pytest.fixture
async def bench(mongo: Mongo, toy: Toy) -> Bench:
    from datetime import timedelta

    await mongo.ensure_indexes(store.indexes(timedelta(days=7)))
    return Bench(mongo, toy)


async def test_an_event_is_told_only_if_the_transaction_commits(bench: Bench) -> None:
    async def fails(tx):
        bench.outbox.add(tx, DesignerSubmitted(designer_id=new_id()), sequence=1)
        await tx.flush()
        raise RuntimeError("after all, no")

    with pytest.raises(RuntimeError):
        await bench.mongo.transaction(fails)
    assert await bench.waiting() == 0


async def test_rows_are_published_with_their_cause_and_marked(bench: Bench) -> None:
    await bench.bind(SUBMITTED)
    designer = new_id()
    set_cause(Cause(correlation_id="request-1"))
    await bench.tell(DesignerSubmitted(designer_id=designer))
    async with bench.relaying():
        await eventually(bench.all_out, "the row to be marked")
    row = await bench.rows.find_one()
    assert row is not None
    assert row["published_at"] is not None
    envelope, _ = read_wire(row["body"])
    assert envelope.correlationid == "request-1"
    assert await bench.arrived() == [(designer, 1)]


async def test_order_within_an_aggregate_is_kept_whatever_the_clocks_say(bench: Bench) -> None:
    await bench.bind(SUBMITTED)
    designers = [new_id() for _ in range(8)]
    for sequence in range(1, 31):
        for designer in designers:
            await bench.tell(DesignerSubmitted(designer_id=designer), first=sequence)
    # A replica whose clock is behind stamped every other row a minute early.
    from datetime import timedelta

    early = now() - timedelta(minutes=1)
    await bench.rows.update_many({"sequence": {"$mod": [2, 0]}}, {"$set": {"due_at": early}})
    async with bench.relaying():
        await eventually(bench.all_out, "240 rows to go out")
    found = await bench.arrived()
    for designer in designers:
        assert [s for subject, s in found if subject == designer] == list(range(1, 31))


async def test_what_no_queue_wants_waits_and_holds_up_only_its_own_aggregate(bench: Bench) -> None:
    await bench.bind(SUBMITTED)
    unwanted, wanted = new_id(), new_id()
    await bench.tell(
        DesignerReturned(designer_id=unwanted), DesignerSubmitted(designer_id=unwanted)
    )
    await bench.tell(DesignerSubmitted(designer_id=wanted))

    async def only_two_wait() -> bool:
        return await bench.waiting() == 2

    async with bench.relaying():
        await eventually(only_two_wait, "the wanted event to pass")
        assert await bench.arrived() == [(wanted, 1)]
        held = await bench.rows.find_one({"routing_key": RETURNED})
        assert held is not None
        assert held["attempts"] >= 1
        assert "no queue" in held["last_error"]
        await bench.bind(SUBMITTED, RETURNED)  # somebody wants it now
        await eventually(bench.all_out, "the held rows to go out")
        assert await bench.arrived() == [(unwanted, 1), (unwanted, 2)]


async def test_many_held_rows_crowd_nobody_out(bench: Bench) -> None:
    """More rows wait behind an unroutable one than the relay reads at once."""
    await bench.bind(SUBMITTED)
    stuck = new_id()
    await bench.tell(
        DesignerReturned(designer_id=stuck),
        *(DesignerSubmitted(designer_id=stuck) for _ in range(120)),
    )
    free = new_id()
    await bench.tell(DesignerSubmitted(designer_id=free))

    async def free_is_out() -> bool:
        return await bench.rows.count_documents({"published_at": {"$exists": True}}) == 1

    async with bench.relaying():
        await eventually(free_is_out, "the free event to pass")
    assert await bench.arrived() == [(free, 1)]


async def test_one_of_two_replicas_relays_and_the_other_takes_over(bench: Bench) -> None:
    await bench.bind(SUBMITTED)
    designer = new_id()
    async with bench.relaying("one", lease=0.6):
        first = await Lease(bench.mongo, "relay", "two", 0.6).acquire()
        await eventually(
            lambda: _held_by(bench, "one"), "the first replica to lead", seconds=5
        ) if first is None else None
        await bench.tell(DesignerSubmitted(designer_id=designer))
        await eventually(bench.all_out, "the first replica to relay")
    async with bench.relaying("two", lease=0.6):
        await bench.tell(DesignerSubmitted(designer_id=designer), first=2)
        await eventually(bench.all_out, "the second replica to relay")
    assert await bench.arrived() == [(designer, 1), (designer, 2)]


async def _held_by(bench: Bench, holder: str) -> bool:
    lease = await bench.mongo.collection("leases").find_one({"_id": "relay"})
    return lease is not None and lease["holder"] == holder


async def test_a_lease_changes_hands_with_a_larger_token_and_the_old_one_proves_nothing(
    bench: Bench,
) -> None:
    one = Lease(bench.mongo, "relay", "one", 0.3)
    two = Lease(bench.mongo, "relay", "two", 5)
    old = await one.acquire()
    assert old is not None
    assert await two.acquire() is None
    assert await one.acquire() == old, "renewing keeps the token"
    await asyncio.sleep(0.4)
    assert await two.acquire() == old + 1
    with pytest.raises(LeaseLost):
        await bench.mongo.transaction(lambda tx: one.prove(tx, old))
    await bench.mongo.transaction(lambda tx: two.prove(tx, old + 1))
    await two.release(old + 1)
    assert await one.acquire() == old + 2


async def test_a_relay_that_lost_its_lease_writes_nothing(bench: Bench) -> None:
    await bench.bind(SUBMITTED)
    await bench.tell(DesignerSubmitted(designer_id=new_id()))
    publisher = Publisher(bench.url, "test", 5)
    mine = Lease(bench.mongo, "relay", "slow", 0.2)
    relay = Relay(bench.mongo, publisher, mine, now, batch=10, poll=0.1)
    token = await mine.acquire()
    assert token is not None
    chains = await relay._waiting()
    outcomes = [await relay._publish(chain) for chain in chains]
    await asyncio.sleep(0.3)
    assert await Lease(bench.mongo, "relay", "quick", 5).acquire() is not None
    with pytest.raises(LeaseLost):
        await relay._record(outcomes, token)
    assert await bench.waiting() == 1
    await publisher.close()


async def test_the_exchange_is_the_one_that_consumers_bind_to() -> None:
    assert EXCHANGE == "events"
