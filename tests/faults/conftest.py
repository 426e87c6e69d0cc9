from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.testing.faults import Proxy, proxy_to
from shared.testing.rabbitmq import swallow_events
from shared.testing.tokens import TokenIssuer
from tests.faults.world import World


@pytest.fixture
async def world(
    tmp_path: Path, mongodb_url: str, amqp_url: str, database: str
) -> AsyncIterator[World]:
    mint = TokenIssuer()
    with mint.published() as issuer:
        made = World(tmp_path, mongodb_url, amqp_url, database, mint, issuer)
        await swallow_events(amqp_url)
        yield made
        await made.end()


@pytest.fixture
async def broker(world: World) -> AsyncIterator[Proxy]:
    """A way to the broker that can be held or cut."""
    proxy = await proxy_to(world.amqp_url).start()
    yield proxy
    await proxy.stop()
