"""What a benchmark runs against: a real MongoDB and RabbitMQ of its own, processes it starts."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from local.layout import ROOT
from shared.testing.children import Child
from shared.testing.mongod import Mongod
from shared.testing.ports import free_ports
from shared.testing.rabbitmq import RabbitMq
from shared.testing.waiting import eventually


class Servers(NamedTuple):
    folder: Path
    mongodb_url: str
    amqp_url: str


@contextmanager
def servers() -> Iterator[Servers]:
    folder = Path(tempfile.mkdtemp(prefix="creative-city-bench-"))
    mongod = Mongod(folder / "mongodb", free_ports(1)[0], cache_gb=4)
    rabbit = RabbitMq(folder / "rabbitmq", free_ports(3))
    store = mongod.start()
    rabbit.start()
    try:
        yield Servers(folder, mongod.url, rabbit.url())
    finally:
        rabbit.stop()
        store.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def process(
    at: Servers, module: str, *arguments: str, health: str = "/readyz", **env: str
) -> AsyncIterator[int]:
    """A program that serves HTTP on the port it is given as HTTP_PORT; yields the port."""
    port = free_ports(1)[0]
    child = Child(
        module,
        [sys.executable, "-m", module, *arguments],
        at.folder / f"{module}-{port}.log",
        env=os.environ | {"HTTP_PORT": str(port)} | env,
        cwd=ROOT,
    )

    async def ready() -> bool:
        assert child.running, child.tail(30)
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://127.0.0.1:{port}{health}")).status_code == 200
            except httpx.TransportError:
                return False

    try:
        await eventually(ready, f"{module} to be ready", seconds=30)
        yield port
    finally:
        await asyncio.to_thread(child.stop)
