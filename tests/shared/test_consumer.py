"""The consumer: effects once, failures put off and then buried, nothing blocks a queue."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.bus import inbox
from shared.bus.consumer import Consumer
from shared.bus.dead_letters import DeadLetters
from shared.bus.publisher import Publisher
from shared.bus.subscriptions import Delivery, Subscription, on
from shared.bus.topology import EXCHANGE
from shared.clock import now
from shared.contracts.base import Envelope
from shared.contracts.registry import DesignerSubmitted
from shared.ids import new_id
from shared.mongo import InsertOne, Mongo
from shared.stop import Stop
from shared.testing.faults import proxy_to
from shared.testing.waiting import eventually
from tests.conftest import Toy

QUEUE = "toy.designers"


class Broken(Exception):
    pass


class Bench:
    """A consumer that writes each designer's id down, unless told to fail."""

    def __init__(self, mongo: Mongo, toy: Toy) -> None:
        self.mongo = mongo
        self.toy = toy
        self.url = toy.amqp_url.get_secret_value()
        self.effects = mongo.collection("effects")
        self.publisher = Publisher(self.url, "test", 5)
        self.fails: Callable[[UUID], bool] = lambda _: False
        self.calls: list[UUID] = []
        self.letters = DeadLetters(self.url, [QUEUE], self.publisher)

    async def handle(self, event: DesignerSubmitted, delivery: Delivery) -> None:
        self.calls.append(event.designer_id)
        if self.fails(event.designer_id):
            raise Broken("this one cannot be handled")
        delivery.tx.at_commit(
            self.written,
            InsertOne({"designer": event.designer_id, "sequence": delivery.envelope.sequence}),
        )

    def consumer(self, mongo: Mongo | None = None) -> Consumer:
        return Consumer(
            Subscription(QUEUE, on(DesignerSubmitted, self.handle)),
            url=self.url,
            mongo=mongo or self.mongo,
            publisher=self.publisher,
            clock=now,
            prefetch=50,
            batch=20,
            pause=0.1,
            retry_after=self.toy.retry_after,
        )

    @asynccontextmanager
    async def consuming(self, mongo: Mongo | None = None) -> AsyncIterator[Consumer]:
        self.written = (mongo or self.mongo).collection("effects")
        stop = Stop()
        consumer = self.consumer(mongo)
        task = asyncio.create_task(consumer.run(stop))

        async def connected() -> bool:
            return consumer.connected

        try:
            await eventually(connected, "the consumer to connect")
            yield consumer
        finally:
            stop.set()
            await task

    async def send(self, designer: UUID, *, event_id: UUID | None = None) -> UUID:
        return await self.send_bytes(wire(designer, event_id))

    async def send_bytes(self, body: bytes) -> UUID:
        event_id = json.loads(body).get("id") if body.startswith(b"{") else None
        await self.publisher.publish(
            body,
            exchange=EXCHANGE,
            routing_key="registry.designer.submitted.v1",
            message_id=event_id,
        )
        return UUID(event_id) if event_id else UUID(int=0)

    async def done(self) -> list[UUID]:
        return [row["designer"] async for row in self.effects.find()]

    async def dead(self) -> list[Any]:
        return await self.letters.list(QUEUE)


def wire(designer: UUID, event_id: UUID | None = None, **changes: Any) -> bytes:
    envelope = Envelope.of(
        DesignerSubmitted(designer_id=designer),
        id=event_id or new_id(),
        time=now(),
        sequence=1,
        correlationid="test",
    )
    return json.dumps(json.loads(envelope.to_wire()) | changes).encode()


@pytest.fixture
async def bench(mongo: Mongo, toy: Toy) -> AsyncIterator[Bench]:
    await mongo.ensure_indexes(inbox.indexes(timedelta(days=30)))
    made = Bench(mongo, toy)
    yield made
    await made.publisher.close()


async def test_a_delivery_that_comes_again_has_no_second_effect(bench: Bench) -> None:
    designer, event_id = new_id(), new_id()
    async with bench.consuming():
        for _ in range(5):
            await bench.send(designer, event_id=event_id)
        last = new_id()
        await bench.send(last)
        await eventually(lambda: _has(bench, last), "the last delivery")
    assert await bench.done() == [designer, last]


async def _has(bench: Bench, designer: UUID) -> bool:
    return designer in await bench.done()


async def test_one_that_fails_is_tried_again_and_then_buried_with_its_reason(bench: Bench) -> None:
    bad, good = new_id(), new_id()
    bench.fails = lambda designer: designer == bad
    async with bench.consuming():
        event_id = await bench.send(bad)
        await bench.send(good)
        await eventually(lambda: _has(bench, good), "the good one, behind the bad one")
        letters = await eventually(bench.dead, "the dead letter")
    assert bench.calls.count(bad) >= 1 + len(bench.toy.retry_after)
    assert [(x.letter_id, x.reason, x.attempts) for x in letters] == [(str(event_id), "Broken", 3)]
    assert "cannot be handled" in letters[0].error
    assert await bench.done() == [good]


async def test_one_that_recovers_has_its_effect_once(bench: Bench) -> None:
    designer = new_id()
    bench.fails = lambda _: len(bench.calls) < 2
    async with bench.consuming():
        await bench.send(designer)
        await eventually(lambda: _has(bench, designer), "the second try")
    assert await bench.done() == [designer]
    assert await bench.dead() == []


async def test_one_bad_delivery_in_a_batch_costs_the_others_nothing(bench: Bench) -> None:
    designers = [new_id() for _ in range(19)]
    bad = designers[7]
    bench.fails = lambda designer: designer == bad
    async with bench.consuming():
        pass  # so that the queue is there
    for designer in designers:
        await bench.send(designer)
    async with bench.consuming():
        await eventually(lambda: _count(bench, 18), "the other eighteen")
    assert set(await bench.done()) == set(designers) - {bad}


async def _count(bench: Bench, count: int) -> bool:
    return len(await bench.done()) == count


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"this is not an event", "UnreadableMessage"),
        (b'{"specversion": "1.0"}', "UnreadableMessage"),
        (wire(UUID(int=1), type="registry.designer.abducted.v1"), "UnknownEvent"),
        (wire(UUID(int=1), type="registry.designer.approved.v1"), "UnreadableMessage"),
        (wire(UUID(int=1), data={"designer_id": "nobody"}), "UnreadableMessage"),
    ],
    ids=["noise", "half an envelope", "unknown type", "data of another type", "bad data"],
)
async def test_what_cannot_be_read_is_buried_at_once_and_blocks_nothing(
    bench: Bench, body: bytes, reason: str
) -> None:
    good = new_id()
    async with bench.consuming():
        await bench.send_bytes(body)
        await bench.send(good)
        await eventually(lambda: _has(bench, good), "the good one behind it")
        letters = await eventually(bench.dead, "the dead letter")
    assert [letter.reason for letter in letters] == [reason]
    assert letters[0].body == body.decode()


async def test_a_known_type_that_this_queue_does_not_expect_is_buried(bench: Bench) -> None:
    stray = wire(new_id(), type="registry.designer.returned.v1")
    async with bench.consuming():
        await bench.send_bytes(stray)
        letters = await eventually(bench.dead, "the dead letter")
    assert letters[0].reason == "UnknownEvent"
    assert "no reaction" in letters[0].error


async def test_a_newer_event_with_more_fields_is_handled(bench: Bench) -> None:
    designer = new_id()
    newer = wire(designer, data={"designer_id": str(designer), "mood": "hopeful"}, partitionkey="7")
    async with bench.consuming():
        await bench.send_bytes(newer)
        await eventually(lambda: _has(bench, designer), "the newer event")
    assert await bench.dead() == []


async def test_dead_letters_can_be_given_back_and_thrown_away(bench: Bench) -> None:
    first, second = new_id(), new_id()
    bench.fails = lambda _: True
    async with bench.consuming():
        first_id, second_id = await bench.send(first), await bench.send(second)

        async def both_dead() -> bool:
            return len(await bench.dead()) == 2

        await eventually(both_dead, "two dead letters")
        for _ in range(25):  # looking must not use them up (RabbitMQ 4 counts looks)
            assert len(await bench.dead()) == 2
        assert (await bench.letters.counts()) == {QUEUE: 2}
        shown = await bench.letters.show(str(second_id))
        assert shown is not None
        assert json.loads(shown.body)["subject"] == str(second)
        bench.fails = lambda _: False
        assert await bench.letters.redrive(lambda x: x.letter_id == str(first_id)) == 1
        await eventually(lambda: _has(bench, first), "the redriven one to be handled")
        assert await bench.letters.discard(lambda x: x.letter_id == str(second_id)) == 1
        assert await bench.dead() == []
    assert await bench.done() == [first]


async def test_while_the_database_is_away_nothing_is_given_up(
    bench: Bench, mongodb_url: str
) -> None:
    proxy = await proxy_to(mongodb_url).start()
    by_proxy = Mongo.connect(proxy.through(mongodb_url), bench.mongo.db.name)
    designer = new_id()
    async with bench.consuming(by_proxy):
        with proxy.away():
            await bench.send(designer)
            await asyncio.sleep(1.5)  # longer than all its tries would have taken
            assert await bench.dead() == []
        await eventually(lambda: _has(bench, designer), "the effect, once the database is back")
    assert await bench.done() == [designer]
    await by_proxy.close()
    await proxy.stop()


async def test_the_same_event_twice_in_one_batch_has_one_effect(bench: Bench) -> None:
    async with bench.consuming():
        pass
    designer, event_id = new_id(), new_id()
    for _ in range(10):
        await bench.send(designer, event_id=event_id)
    async with bench.consuming():
        await eventually(lambda: _has(bench, designer), "the effect")
    assert await bench.done() == [designer]


async def test_a_consumer_that_lost_its_connection_comes_back(bench: Bench) -> None:
    proxy = await proxy_to(bench.url).start()
    direct, bench.url = bench.url, proxy.through(bench.url)
    designer = new_id()
    async with bench.consuming() as consumer:
        with proxy.away():
            await eventually(lambda: _away(consumer), "the loss to be noticed")
            await bench.send(designer)
        await eventually(lambda: _has(bench, designer), "the effect after the loss")
    bench.url = direct
    await proxy.stop()


async def _away(consumer: Consumer) -> bool:
    return not consumer.connected
