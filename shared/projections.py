"""Projections: what a service stores of another service's things. Events keep them up to date."""

from typing import Any
from uuid import UUID

from shared.mongo import Collection, Tx


async def project(
    tx: Tx, collection: Collection, key: UUID, fields: dict[str, Any], sequence: int
) -> None:
    """Write the fields, unless something newer (with a higher sequence) is stored already.

    The comparison is part of the update, not of the filter. With a filter, an upsert would find no
    match for a newer document, try to insert it again and fail the whole transaction.
    """
    newer = {"$gt": [sequence, {"$ifNull": ["$sequence", 0]}]}
    fresh = {"$mergeObjects": ["$$ROOT", {"$literal": fields | {"sequence": sequence}}]}
    await collection.update_one(
        {"_id": key},
        [{"$replaceWith": {"$cond": [newer, fresh, "$$ROOT"]}}],
        upsert=True,
        session=tx.session,
    )
