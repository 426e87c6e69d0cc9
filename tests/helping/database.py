"""One database for a folder's tests, emptied before each: indexes take longer than most tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from shared.mongo import Mongo


@asynccontextmanager
async def kept(url: str) -> AsyncIterator[Mongo]:
    """A database of its own, dropped when the block ends."""
    mongo = Mongo.connect(url, f"t{uuid4().hex[:12]}")
    yield mongo
    await mongo.client.drop_database(mongo.db.name)
    await mongo.close()


async def empty(mongo: Mongo) -> None:
    """Leave nothing of the test before but the indexes."""
    for name in await mongo.db.list_collection_names():
        await mongo.collection(name).delete_many({})
