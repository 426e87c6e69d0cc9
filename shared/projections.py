"""Projections: what a service remembers of another's things, fed by events."""

from typing import Any
from uuid import UUID

from shared.mongo import Collection, Tx


async def project(
    tx: Tx, collection: Collection, key: UUID, fields: dict[str, Any], sequence: int
) -> None:
    """Write the fields, unless something newer (a higher sequence) stands there already.

    One statement without a condition that could miss: in a transaction, an upsert that runs into a
    newer document would fail on its `_id` and take the whole batch with it.
    """
    newer = {"$gt": [sequence, {"$ifNull": ["$sequence", 0]}]}
    fresh = {"$mergeObjects": ["$$ROOT", {"$literal": fields | {"sequence": sequence}}]}
    await collection.update_one(
        {"_id": key},
        [{"$replaceWith": {"$cond": [newer, fresh, "$$ROOT"]}}],
        upsert=True,
        session=tx.session,
    )
