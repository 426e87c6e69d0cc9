"""Passes: whoever knows the secret in the address sees one ticket, on a phone, without signing in.

The secret itself is not kept, only its hash.
"""

import hashlib
import secrets
from uuid import UUID

from shared.errors import NotFound
from shared.mongo import ASCENDING, Index, Mongo

INDEXES = [Index("passes", [("secret", ASCENDING)], unique=True)]


class PassUnknown(NotFound):
    code = "pass.unknown"
    vi = "Liên kết vé này không còn dùng được."
    en = "This link to a ticket is no longer good."


class Passes:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("passes")

    async def renew(self, registration_id: UUID) -> str:
        """A new secret for this registration; the one before is no longer good."""
        secret = secrets.token_urlsafe(24)
        kept = {"$set": {"secret": _hashed(secret)}}
        await self._documents.update_one({"_id": registration_id}, kept, upsert=True)
        return secret

    async def revoke(self, registration_id: UUID) -> None:
        await self._documents.delete_one({"_id": registration_id})

    async def registration(self, secret: str) -> UUID:
        """Whose ticket it shows. Raises `PassUnknown`."""
        found = await self._documents.find_one({"secret": _hashed(secret)})
        if found is None:
            raise PassUnknown
        registration_id: UUID = found["_id"]
        return registration_id


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
