"""One database for a folder's tests, emptied before each: indexes take longer than most tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from shared.mongo import Document, Mongo


@asynccontextmanager
async def kept(url: str) -> AsyncIterator[Mongo]:
    """A database of its own, dropped when the block ends."""
    mongo = Mongo.connect(url, f"t{uuid4().hex[:12]}")
    yield mongo
    await mongo.client.drop_database(mongo.db.name)
    await mongo.close()


async def empty(mongo: Mongo) -> None:
    """Leave nothing of the test before but the indexes."""
    names = await mongo.db.list_collection_names()
    if not names:
        return
    # One question instead of one for each of sixty collections: which of them hold anything?
    others = [{"$unionWith": {"coll": name, "pipeline": _look(name)}} for name in names[1:]]
    async for found in mongo.collection(names[0]).aggregate([*_look(names[0]), *others]):
        await mongo.collection(found["name"]).delete_many({})


def _look(name: str) -> list[Document]:
    """The collection's name if there is a document in it."""
    return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": name}}}]
