from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.notifications.messages.store import Messages
from services.notifications.settings import Settings
from shared.mongo import Mongo
from shared.testing.mongod import Mongod
from shared.testing.rabbitmq import RabbitMq
from tests.helping.database import empty, kept
from tests.helping.servers import Servers
from tests.notifications.scene import Scene, playing, quick
from tests.notifications.servers import MailServer, Smsc


@pytest.fixture(scope="session")
async def shelf(mongod: Mongod) -> AsyncIterator[Mongo]:
    async with kept(mongod.url) as mongo:
        yield mongo


@pytest.fixture
async def database(shelf: Mongo) -> str:
    """The one of this folder, emptied."""
    await empty(shelf)
    return shelf.db.name


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    server = await MailServer().start()
    yield server
    await server.stop()


@pytest.fixture
async def smsc() -> AsyncIterator[Smsc]:
    server = await Smsc().start()
    yield server
    await server.stop()


@pytest.fixture
def settings(
    mongodb_url: str, amqp_url: str, database: str, mail: MailServer, smsc: Smsc
) -> Settings:
    """For a service of one's own, with servers of its own."""
    return quick(mongodb_url, amqp_url, database, smtp_port=mail.port, smpp_port=smsc.line.port)


@pytest.fixture
def messages(mongo: Mongo) -> Messages:
    return Messages(mongo)


@pytest.fixture(scope="session")
async def stage(mongod: Mongod, rabbitmq: RabbitMq, servers: Servers) -> AsyncIterator[Scene]:
    """One service that many tests use at once, each with people of its own."""
    mail, smsc = await MailServer().start(), await Smsc().start()
    settings = quick(
        mongod.url,
        rabbitmq.url(servers.vhost()),
        f"stage_{uuid4().hex[:12]}",
        smtp_port=mail.port,
        smpp_port=smsc.line.port,
    )
    async with playing(settings, mail, smsc) as scene:
        await smsc.bound()
        yield scene
    mongo = Mongo.connect(mongod.url, settings.mongodb_database)
    await mongo.client.drop_database(settings.mongodb_database)
    await mongo.close()
    await smsc.stop()
    await mail.stop()
