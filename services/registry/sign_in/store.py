"""Challenges (codes that were sent) and the sign-ins of devices."""

from datetime import datetime, timedelta
from uuid import UUID

from services.registry.people.contact import email_key
from services.registry.sign_in import rules
from services.registry.sign_in.rules import Challenge, Command, DeviceSignIn
from shared.mongo import ASCENDING, Index, Mongo, Tx
from shared.repositories import Repository

INDEXES = [
    Index("challenges", [("email_key", ASCENDING), ("asked_at", ASCENDING)]),
    Index("challenges", [("expires_at", ASCENDING)], expire_after=timedelta(days=1)),
    Index("code_requests", [("at", ASCENDING)], expire_after=timedelta(days=1)),
    Index("sign_ins", [("expires_at", ASCENDING)], expire_after=timedelta(days=1)),
]


class Challenges(Repository[Challenge, Command]):
    collection = "challenges"
    model = Challenge
    decide = staticmethod(rules.decide)
    not_found_error = rules.CodeVoid

    async def sent_since(self, tx: Tx, email: str, since: datetime) -> list[datetime]:
        """When codes were sent to that address since then, the oldest first."""
        found = self.documents.find(
            {"email_key": email_key(email), "asked_at": {"$gt": since}},
            {"asked_at": 1},
            session=tx.session,
        )
        return [row["asked_at"] async for row in found.sort("asked_at", 1)]

    async def conflict_with_others(self, tx: Tx, email: str, now: datetime) -> None:
        """Of two transactions that send a code to one address at once, make one run again.

        Each challenge is a new document, so two of them would not conflict, and many requests at
        the same moment would get around the limit. All of them write this document.
        """
        await self.mongo.collection("code_requests").update_one(
            {"_id": rules.hash_email(email)},
            {"$inc": {"times": 1}, "$set": {"at": now}},
            upsert=True,
            session=tx.session,
        )


class DeviceSignIns:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("sign_ins")

    async def find(self, key: UUID, tx: Tx) -> DeviceSignIn | None:
        document = await self._documents.find_one({"_id": key}, session=tx.session)
        return None if document is None else DeviceSignIn.model_validate({"id": key, **document})

    async def save(self, tx: Tx, state: DeviceSignIn) -> None:
        fields = state.model_dump(exclude={"id"})
        await self._documents.replace_one(
            {"_id": state.id}, fields, upsert=True, session=tx.session
        )
