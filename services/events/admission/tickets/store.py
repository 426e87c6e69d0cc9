"""Passes: secret addresses that show one ticket on a phone. Anybody who knows one sees the ticket.

Only the hash of the secret is stored.
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
    en = "This link to a ticket is no longer valid."


class Passes:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("passes")

    async def renew(self, registration_id: UUID) -> str:
        """Make a new secret for this registration. The secret before stops working."""
        secret = secrets.token_urlsafe(24)
        change = {"$set": {"secret": _hashed(secret)}}
        await self._documents.update_one({"_id": registration_id}, change, upsert=True)
        return secret

    async def revoke(self, registration_id: UUID) -> None:
        """The registration has no pass any more."""
        await self._documents.delete_one({"_id": registration_id})

    async def registration(self, secret: str) -> UUID:
        """The registration whose ticket it shows. Raises `PassUnknown`."""
        found = await self._documents.find_one({"secret": _hashed(secret)})
        if found is None:
            raise PassUnknown
        registration_id: UUID = found["_id"]
        return registration_id


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
