"""What all tests share: servers, started once a run; for each test a database and a vhost."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from shared.contracts import catalog  # noqa: F401 - every event is known
from shared.mongo import Mongo
from shared.settings import Settings
from shared.telemetry import configure
from shared.testing.children import end_with_this_process
from shared.testing.mongod import Mongod
from shared.testing.rabbitmq import RabbitMq
from tests.helping.servers import OthersServers, OwnServers, Servers

ADDRESS = "servers"  # in what a worker is told: where to ask for the servers
OWN = pytest.StashKey[OwnServers]()


def pytest_configure(config: pytest.Config) -> None:
    end_with_this_process()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist is about to start a worker."""
    node.workerinput[ADDRESS] = _own(node.config).offer()


def pytest_unconfigure(config: pytest.Config) -> None:
    if own := config.stash.get(OWN, None):
        own.stop()
        shutil.rmtree(own.folder, ignore_errors=True)


def _own(config: pytest.Config) -> OwnServers:
    if OWN not in config.stash:
        folder = Path(tempfile.mkdtemp(prefix="creative-city-tests-"))
        config.stash[OWN] = OwnServers(folder)
    return config.stash[OWN]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs servers, for `make test-fast` leaves it out. Let the longest start first."""
    for item in items:
        if {"mongod", "rabbitmq"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def _spans() -> None:
    configure("tests", None, 1.0)


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    told = getattr(request.config, "workerinput", {})
    return OthersServers(told[ADDRESS]) if told else _own(request.config)


@pytest.fixture(scope="session")
def mongod(servers: Servers) -> Mongod:
    """It runs already, and may not be ended: all tests of the run use it."""
    return Mongod(Path(), servers.mongodb())


@pytest.fixture(scope="session")
def rabbitmq(servers: Servers) -> RabbitMq:
    """It runs already, and may not be ended: all tests of the run use it."""
    return RabbitMq(Path(), [servers.rabbitmq(), 0, 0])


@pytest.fixture
def amqp_url(rabbitmq: RabbitMq, servers: Servers) -> str:
    """A broker of one's own: no other test has used this vhost."""
    return rabbitmq.url(servers.vhost())


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
