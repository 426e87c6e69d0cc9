"""Venues: a projection of the registry's spaces. Only events from the registry change it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.events.programme.venues.state import Venue, VenueUnknown
from shared.contracts.registry import SpacePublished
from shared.mongo import ASCENDING, Index, Mongo, Tx
from shared.projections import project

INDEXES = [Index("venues", [("slug", ASCENDING)])]


class Venues:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("venues")

    async def get(self, key: UUID) -> Venue:
        """Raises `VenueUnknown`."""
        found = await self._documents.find_one({"_id": key})
        if found is None:
            raise VenueUnknown
        return _venue(found)

    async def several(self, tx: Tx, keys: Iterable[UUID]) -> dict[UUID, Venue]:
        rows = self._documents.find({"_id": {"$in": list(keys)}}, session=tx.session)
        return {row["_id"]: _venue(row) for row in await rows.to_list(None)}

    async def all(self) -> list[Venue]:
        return [_venue(row) async for row in self._documents.find().sort("slug", 1)]

    async def project(self, tx: Tx, space: SpacePublished, sequence: int) -> None:
        fields = space.model_dump(include={"slug", "name", "address", "ward", "capacity"})
        await project(tx, self._documents, space.space_id, fields, sequence)


def _venue(row: dict[str, Any]) -> Venue:
    return Venue.model_validate({"id": row["_id"], **row})
