from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from services.events.settings import Settings
from shared.signing import new_keys
from shared.testing.mongod import Mongod
from shared.testing.scenarios import NOON
from tests.conftest import NO_BROKER
from tests.events.interleavings import Replica
from tests.helping.clock import StandingClock
from tests.helping.database import kept


@pytest.fixture(scope="module")
async def replica(mongod: Mongod) -> AsyncIterator[Replica]:
    """The service's desks over one store for a whole table: every row has a session of its own."""
    async with kept(mongod.url) as mongo:
        settings = Settings(
            mongodb_url=SecretStr(mongod.url),
            amqp_url=NO_BROKER,
            mongodb_database=mongo.db.name,
            ticket_keys=SecretStr(new_keys()),
        )
        made = Replica(settings, StandingClock(NOON))
        await made.mongo.ensure_indexes(made.service.all_indexes())
        yield made
        await made.mongo.close()
