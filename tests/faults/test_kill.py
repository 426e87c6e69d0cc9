"""Power cuts at the worst moments: every event arrives, every effect happens once.

Each story is told with all guards on, and again with the guard that matters switched off.
"""

import pytest

from shared.testing.faults import Proxy
from shared.testing.waiting import eventually
from tests.faults.world import World


async def killed_between_commit_and_publish(
    world: World, broker: Proxy, without: str | None = None
) -> int:
    """What is counted of two registrations, the first cut off on its way to the broker."""
    await world.run("programme")
    way = {"AMQP_URL": broker.through(world.amqp_url)}
    events = await world.run("events", without=without, **way)
    broker.up.hold()
    sent = broker.up.passed
    assert (await world.register(events, await world.session(1))).status_code == 201
    if without == "confirm":
        await eventually(world.all_relayed, "the relay to take it for published")
    elif without is None:
        await eventually(lambda: _tried(world), "the relay to try")
    assert await world.places_counted() == 0
    assert broker.up.passed == sent
    events.kill()
    broker.cut()
    broker.up.flow()
    await events.start()
    await world.sentinel(events, 1)
    return await world.places_counted()


async def _tried(world: World) -> bool:
    """The relay holds the lease, and has had time to publish what it found."""
    lease = await world.events.collection("leases").find_one({"_id": "relay"})
    rows = await world.events.collection("outbox").count_documents({})
    return lease is not None and rows == 1


async def killed_between_publish_and_mark(
    world: World, broker: Proxy, without: str | None = None
) -> int:
    """What is counted of two registrations, the first published but not known to be."""
    await world.run("programme", without=without)
    events = await world.run("events", AMQP_URL=broker.through(world.amqp_url))
    broker.down.hold()
    assert (await world.register(events, await world.session(1))).status_code == 201
    await world.counted_at_least(1)
    assert await world.waiting_rows() == 1, "published, but its confirm never came"
    events.kill()
    broker.cut()
    broker.down.flow()
    await events.start()
    await eventually(world.all_relayed, "the row to be published again")
    await world.sentinel(events, 2)
    return await world.places_counted()


async def killed_between_handler_and_ack(
    world: World, broker: Proxy, without: str | None = None
) -> int:
    """What is counted of two registrations, the first's effect committed but not acknowledged."""
    way = {"AMQP_URL": broker.through(world.amqp_url)}
    programme = await world.run("programme", without=without, **way)
    events = await world.run("events")
    broker.up.hold()
    assert (await world.register(events, await world.session(1))).status_code == 201
    await world.counted_at_least(1)
    programme.kill()
    broker.cut()
    broker.up.flow()
    await programme.start()
    await world.sentinel(events, 2)
    return await world.places_counted()


async def test_killed_between_commit_and_publish_nothing_is_lost(
    world: World, broker: Proxy
) -> None:
    assert await killed_between_commit_and_publish(world, broker) == 2


@pytest.mark.parametrize("guard", ["outbox", "confirm"])
async def test_control_without_outbox_or_confirm_the_event_is_lost(
    world: World, broker: Proxy, guard: str
) -> None:
    assert await killed_between_commit_and_publish(world, broker, without=guard) == 1


async def test_killed_between_publish_and_mark_nothing_happens_twice(
    world: World, broker: Proxy
) -> None:
    assert await killed_between_publish_and_mark(world, broker) == 2


async def test_control_without_inbox_what_is_published_twice_counts_twice(
    world: World, broker: Proxy
) -> None:
    assert await killed_between_publish_and_mark(world, broker, without="inbox") == 3


async def test_killed_between_handler_and_ack_nothing_happens_twice(
    world: World, broker: Proxy
) -> None:
    assert await killed_between_handler_and_ack(world, broker) == 2


async def test_control_without_inbox_what_is_delivered_twice_counts_twice(
    world: World, broker: Proxy
) -> None:
    assert await killed_between_handler_and_ack(world, broker, without="inbox") == 3
