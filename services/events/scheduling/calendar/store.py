"""Private feeds: whoever knows the secret in the address reads one person's calendar.

Calendar programs cannot sign in. The secret itself is not kept, only its hash.
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
    en = "This calendar address is no longer good."


class CalendarFeeds:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("calendar_feeds")

    async def renew(self, person_id: UUID) -> str:
        """A new secret for this person; the one before is no longer good."""
        secret = secrets.token_urlsafe(24)
        kept = {"$set": {"secret": _hashed(secret)}}
        await self._documents.update_one({"_id": person_id}, kept, upsert=True)
        return secret

    async def close(self, person_id: UUID) -> None:
        await self._documents.delete_one({"_id": person_id})

    async def person(self, secret: str) -> UUID:
        """Whose feed it is. Raises `CalendarFeedUnknown`."""
        found = await self._documents.find_one({"secret": _hashed(secret)})
        if found is None:
            raise CalendarFeedUnknown
        person_id: UUID = found["_id"]
        return person_id


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
