"""What a service told: its outbox, read as its consumers would."""

from typing import Any, TypeVar

from shared.contracts.base import Envelope, Event, read_wire
from shared.mongo import Mongo

E = TypeVar("E", bound=Event)


async def envelopes(mongo: Mongo) -> list[tuple[Envelope, Event]]:
    """Everything told, in the order it was told."""
    rows = mongo.collection("outbox").find().sort("_id", 1)
    return [read_wire(row["body"]) async for row in rows]


async def told(mongo: Mongo, kind: type[E]) -> list[E]:
    """Every event of one kind, in the order they were told."""
    return [event for _, event in await envelopes(mongo) if isinstance(event, kind)]


async def sequences(mongo: Mongo, *kinds: type[Event]) -> list[int]:
    return [envelope.sequence for envelope, event in await envelopes(mongo) if type(event) in kinds]


async def documents(mongo: Mongo) -> list[tuple[str, dict[str, Any]]]:
    """Every document of the database, with the name of its collection."""
    names = await mongo.db.list_collection_names()
    return [(name, row) for name in names async for row in mongo.collection(name).find()]
