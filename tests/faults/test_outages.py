"""The broker goes away, the database changes its mind: work goes on or waits, nothing is lost."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest

from shared.http.tls import trusted_authorities
from shared.ids import new_id
from shared.mongo import Mongo
from shared.testing.mongod import Mongod
from shared.testing.ports import free_ports
from shared.testing.rabbitmq import RabbitMq
from shared.testing.waiting import eventually
from tests.faults.world import ServiceProcess, World

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def vhosts() -> list[str]:
    """One for each test of this file."""
    return ["t0", "t1"]


@pytest.fixture(scope="module")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory, vhosts: list[str]) -> Iterator[RabbitMq]:
    """A broker that may be stopped: only this file uses it."""
    server = RabbitMq(tmp_path_factory.mktemp("rabbitmq"), free_ports(3), ["/", *vhosts])
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A store whose primary may step down: only this file uses it."""
    server = Mongod(tmp_path_factory.mktemp("mongodb"), *free_ports(1))
    child = server.start()
    yield server
    child.stop()


@pytest.fixture
def amqp_url(rabbitmq: RabbitMq, vhosts: list[str]) -> str:
    return rabbitmq.url(vhosts.pop())


async def test_the_broker_stops_and_comes_back(world: World, rabbitmq: RabbitMq) -> None:
    await world.run("programme")
    events = await world.run("events")
    session = await world.session(100)
    assert rabbitmq.child is not None
    before = [(await world.register(events, session)).status_code for _ in range(5)]
    rabbitmq.child.stop()
    try:
        during = [(await world.register(events, session)).status_code for _ in range(10)]
        async with httpx.AsyncClient() as client:
            ready = await client.get(f"{events.url}/readyz")
        assert ready.status_code == 503
        assert ready.json()["checks"]["rabbitmq"] != "ok"
    finally:
        await asyncio.to_thread(rabbitmq.start)
    after = [(await world.register(events, session)).status_code for _ in range(5)]
    assert before + during + after == [201] * 20, "people register whether or not events flow"
    await world.counted_at_least(20)
    await eventually(world.all_relayed, "every row to be marked")
    await world.sentinel(events, 21)
    assert await world.places_counted() == 21


async def test_the_primary_steps_down_during_a_rush(world: World, mongodb_url: str) -> None:
    """Clients that hear nothing or 503 ask again under the same key, as a good client does."""
    await world.run("programme")
    events = await world.run("events")
    session = await world.session(40)
    people = [new_id() for _ in range(60)]
    asking = [asyncio.create_task(insist(world, events, session, person)) for person in people]
    await asyncio.sleep(0.05)  # so that some are under way; the rest meets the step-down
    await step_down(mongodb_url)
    statuses = await asyncio.gather(*asking)
    assert sorted(statuses) == ["confirmed"] * 40 + ["waiting"] * 20
    await world.counted_at_least(40)
    await eventually(world.all_relayed, "every row to be marked", seconds=30)
    await world.sentinel(events, 41)
    assert await world.places_counted() == 41


async def insist(world: World, events: ServiceProcess, session: UUID, person: UUID) -> str:
    headers = {
        "Authorization": f"Bearer {world.token_issuer.token(person)}",
        "Idempotency-Key": "one registration",
    }
    path = f"{events.url}/v1/sessions/{session}/registrations"
    async with httpx.AsyncClient(timeout=30, verify=trusted_authorities()) as client:
        for _ in range(60):
            answer = await client.post(path, headers=headers)
            if answer.status_code == 201:
                return str(answer.json()["status"])
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"]
            await asyncio.sleep(0.5)
    raise AssertionError("never answered")


async def step_down(url: str) -> None:
    """Make the only member give up being primary; it takes it up again after a second or two."""
    mongo = Mongo.connect(url, "admin")
    before = await term(mongo)
    await mongo.client.admin.command("replSetStepDown", 2, force=True)

    async def elected_anew() -> bool:
        return await term(mongo) > before

    await eventually(elected_anew, "a new election")
    await mongo.close()


async def term(mongo: Mongo) -> int:
    status = await mongo.client.admin.command("replSetGetStatus")
    return int(status["term"])
