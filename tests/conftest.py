"""One real MongoDB and one real RabbitMQ for the run; for each test a database and a vhost."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from shared.contracts import catalog  # noqa: F401 - every event is known
from shared.mongo import Mongo
from shared.settings import Settings
from shared.telemetry import configure
from shared.testing.mongod import Mongod
from shared.testing.ports import free_ports
from shared.testing.rabbitmq import RabbitMq

VHOSTS = [f"t{number}" for number in range(150)]


@pytest.fixture(scope="session", autouse=True)
def _spans() -> None:
    configure("tests", None, 1.0)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where this run's servers keep their data; gone when it ends."""
    made = Path(tempfile.mkdtemp(prefix="creative-city-tests-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def mongod(folder: Path) -> Iterator[Mongod]:
    server = Mongod(folder / "mongodb", *free_ports(1), forgets=True)
    child = server.start()
    yield server
    child.stop()


@pytest.fixture(scope="session")
def rabbitmq(folder: Path) -> Iterator[RabbitMq]:
    server = RabbitMq(folder / "rabbitmq", free_ports(3), ["/", *VHOSTS])
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def vhosts() -> list[str]:
    return list(VHOSTS)


@pytest.fixture
def amqp_url(rabbitmq: RabbitMq, vhosts: list[str]) -> str:
    """A broker of one's own: no other test has used this vhost."""
    return rabbitmq.url(vhosts.pop())


@pytest.fixture
def mongodb_url(mongod: Mongod) -> str:
    return mongod.url


@pytest.fixture
async def database(mongodb_url: str) -> AsyncIterator[str]:
    """The name of a database of one's own; dropped afterwards, with those whose names it begins."""
    name = f"t{uuid4().hex[:12]}"
    yield name
    mongo = Mongo.connect(mongodb_url, name)
    for found in await mongo.client.list_database_names():
        if found.startswith(name):
            await mongo.client.drop_database(found)
    await mongo.close()


@pytest.fixture
async def mongo(mongodb_url: str, database: str) -> AsyncIterator[Mongo]:
    connected = Mongo.connect(mongodb_url, database)
    yield connected
    await connected.close()


class Toy(Settings):
    """The settings of a service that is nothing but platform; quick where waiting is tested."""

    mongodb_database: str = "toy"
    retry_after: tuple[float, ...] = (0.2, 0.3)
    relay_lease: float = 2
    reconnect_pause: float = 0.1


NO_BROKER = SecretStr("amqp://127.0.0.1:1/")  # for what only answers requests: it needs none


@pytest.fixture
def toy_api(mongodb_url: str, database: str) -> Toy:
    """For a service that only answers requests."""
    return Toy(mongodb_url=SecretStr(mongodb_url), amqp_url=NO_BROKER, mongodb_database=database)


@pytest.fixture
def toy(mongodb_url: str, amqp_url: str, database: str) -> Toy:
    return Toy(
        mongodb_url=SecretStr(mongodb_url), amqp_url=SecretStr(amqp_url), mongodb_database=database
    )
