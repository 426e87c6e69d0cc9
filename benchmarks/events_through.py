"""Events from the outbox through RabbitMQ to a committed effect.

Against bare aio-pika in the same process: publish with confirms, consume, acknowledge each.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from statistics import median, quantiles

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage

from benchmarks.report import Row, Table
from benchmarks.servers import Servers
from shared.bus import inbox
from shared.bus.consumer import Consumer, Incoming
from shared.bus.publisher import Publisher, open_connection
from shared.bus.subscriptions import Delivery, Subscription, on
from shared.bus.topology import declare_exchange, declare_queue
from shared.clock import now
from shared.contracts.registry import DesignerSubmitted
from shared.ids import new_id
from shared.mongo import InsertOne, Mongo, Tx
from shared.outbox import store
from shared.outbox.lease import Lease
from shared.outbox.relay import Relay
from shared.outbox.store import Outbox
from shared.settings import Settings
from shared.stop import Stop
from shared.testing.waiting import eventually

EVENTS = 10_000
TOGETHER = 100  # events of one transaction, as registrations that wait together are
ROUNDS = 3
IDLE = 300  # single events, each sent when the one before has had its effect


class Watched(Consumer):
    """A consumer that tells when its effects are committed."""

    def watch(self) -> None:
        self.committed = 0
        self.moved = asyncio.Event()

    async def _apply(self, batch: Sequence[Incoming]) -> None:
        await super()._apply(batch)
        self.committed += len(batch)
        self.moved.set()

    async def until(self, count: int) -> None:
        while self.committed < count:
            self.moved.clear()
            await self.moved.wait()


@asynccontextmanager
async def pipeline(at: Servers, database: str) -> AsyncIterator[tuple[Mongo, Watched]]:
    settings = Settings(mongodb_database=database)
    mongo = Mongo.connect(at.mongodb_url, database)
    await mongo.ensure_indexes(store.indexes(timedelta(days=7)))
    await mongo.ensure_indexes(inbox.indexes(timedelta(days=30)))
    effects = mongo.collection("effects")

    async def handle(event: DesignerSubmitted, delivery: Delivery) -> None:
        delivery.tx.at_commit(effects, InsertOne({"_id": event.designer_id}))

    publisher = Publisher(at.amqp_url, "bench", 10)
    consumer = Watched(
        Subscription(f"{database}.bench", on(DesignerSubmitted, handle)),
        url=at.amqp_url,
        mongo=mongo,
        publisher=publisher,
        clock=now,
        prefetch=settings.prefetch,
        batch=settings.consumer_batch,
        pause=1,
        retry_after=settings.retry_after,
    )
    consumer.watch()
    lease = Lease(mongo, "relay", "bench", settings.relay_lease)
    relay = Relay(
        mongo, publisher, lease, now, batch=settings.relay_batch, poll=settings.relay_poll
    )
    stop = Stop()
    working = [asyncio.create_task(consumer.run(stop)), asyncio.create_task(relay.run(stop))]

    async def connected() -> bool:
        return consumer.connected

    await eventually(connected, "the consumer to connect")
    try:
        yield mongo, consumer
    finally:
        stop.set()
        await asyncio.gather(*working)
        await publisher.close()
        await mongo.close()


async def tell(mongo: Mongo, outbox: Outbox, count: int) -> None:
    async def write(tx: Tx) -> None:
        for _ in range(count):
            outbox.add(tx, DesignerSubmitted(designer_id=new_id()), sequence=1)

    await mongo.transaction(write)


async def ours(at: Servers) -> float:
    """Events a second, from the first commit to the last effect."""
    async with pipeline(at, f"through{new_id().hex[-6:]}") as (mongo, consumer):
        outbox = Outbox(mongo, now)
        began = time.perf_counter()
        for _ in range(EVENTS // TOGETHER):
            await tell(mongo, outbox, TOGETHER)
        await consumer.until(EVENTS)
        return EVENTS / (time.perf_counter() - began)


async def idle(at: Servers) -> list[float]:
    """Milliseconds from a commit to the committed effect, one event at a time."""
    found = []
    async with pipeline(at, "idle") as (mongo, consumer):
        outbox = Outbox(mongo, now)
        for number in range(IDLE):
            await tell(mongo, outbox, 1)
            began = time.perf_counter()
            await consumer.until(number + 1)
            found.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.02)
    return found


async def bare(at: Servers) -> float:
    """Messages a second: published with confirms, 500 in flight; consumed, each acknowledged."""
    body = b"x" * 500
    name = f"bare{new_id().hex[-6:]}"
    acknowledged = 0
    done = asyncio.Event()

    async def take(message: AbstractIncomingMessage) -> None:
        nonlocal acknowledged
        await message.ack()
        acknowledged += 1
        if acknowledged == EVENTS:
            done.set()

    async with contextlib.AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(await open_connection(at.amqp_url, name))
            for _ in range(2)
        ]
        out = await one.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await declare_exchange(out)
        into = await two.channel()
        await into.set_qos(prefetch_count=200)
        queue = await declare_queue(into, name, [name])
        await queue.consume(take)
        began = time.perf_counter()
        for _ in range(EVENTS // 500):
            await asyncio.gather(
                *(
                    exchange.publish(Message(body, delivery_mode=DeliveryMode.PERSISTENT), name)
                    for _ in range(500)
                )
            )
        await done.wait()
        return EVENTS / (time.perf_counter() - began)


async def run(at: Servers) -> Table:
    floors, figures = [], []
    for _ in range(ROUNDS):
        floors.append(await bare(at))
        figures.append(await ours(at))
    waits = await idle(at)
    table = Table(
        f"Events, outbox → RabbitMQ → inbox ({EVENTS:,} of them)",
        f"Written {TOGETHER} a transaction; each has an effect (one insert) and an inbox row, "
        "committed. Floor: bare aio-pika, persistent, confirmed, consumed, each acknowledged.",
    )
    table.add(Row("outbox to effect", median(figures), "bare aio-pika", median(floors), 0.4))
    table.add(Row("idle, commit to effect, p50", median(waits), goal=30, unit="ms"))
    percentiles = quantiles(waits, n=100)
    table.add(Row("idle, commit to effect, p99", percentiles[98], goal=100, unit="ms"))
    return table
