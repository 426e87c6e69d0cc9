"""Private calendar feeds. Anybody who knows the secret address can read that person's calendar.

Calendar programs cannot sign in. Only the hash of the secret is stored.
"""

import hashlib
import secrets
from uuid import UUID

from shared.errors import NotFound
from shared.mongo import ASCENDING, Index, Mongo

INDEXES = [Index("calendar_feeds", [("secret", ASCENDING)], unique=True)]


class CalendarFeedUnknown(NotFound):
    code = "feed.unknown"
    vi = "Địa chỉ lịch này không còn dùng được."
    en = "This calendar address is no longer valid."


class CalendarFeeds:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("calendar_feeds")

    async def renew(self, person_id: UUID) -> str:
        """Make a new secret for this person. The secret before stops working."""
        secret = secrets.token_urlsafe(24)
        change = {"$set": {"secret": _hashed(secret)}}
        await self._documents.update_one({"_id": person_id}, change, upsert=True)
        return secret

    async def close(self, person_id: UUID) -> None:
        """The person has no feed any more."""
        await self._documents.delete_one({"_id": person_id})

    async def owner(self, secret: str) -> UUID:
        """The person whose feed it is. Raises `CalendarFeedUnknown`."""
        found = await self._documents.find_one({"secret": _hashed(secret)})
        if found is None:
            raise CalendarFeedUnknown
        person_id: UUID = found["_id"]
        return person_id


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
