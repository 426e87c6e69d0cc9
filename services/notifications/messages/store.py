"""Messages, and receipts that came before their message was known as sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.notifications.messages.receipts import Receipt, id_forms, id_key
from services.notifications.messages.rules import Channel, Message, Status
from shared.http.paging import PageRequest, read_page
from shared.mongo import (
    ASCENDING,
    DESCENDING,
    Document,
    Index,
    Mongo,
    ReturnDocument,
    Tx,
    UpdateOne,
)

INDEXES = [
    Index(
        "messages",
        [("urgency", ASCENDING), ("due_at", ASCENDING)],
        only_where={"status": Status.QUEUED.value},
    ),
    Index(
        "messages",
        [("claimed_until", ASCENDING)],
        only_where={"status": Status.SENDING.value},
    ),
    Index("messages", [("person_id", ASCENDING), ("created_at", DESCENDING), ("_id", ASCENDING)]),
    Index("messages", [("created_at", DESCENDING), ("_id", ASCENDING)]),
    Index("messages", [("to", ASCENDING), ("parts.key", ASCENDING)]),
    Index("receipts", [("at", ASCENDING)], expire_after=timedelta(days=7)),
]
MESSAGES = "messages"


class Messages:
    def __init__(self, mongo: Mongo) -> None:
        self.mongo = mongo
        self._documents = mongo.collection(MESSAGES)
        self._receipts = mongo.collection("receipts")

    def plan(self, tx: Tx, messages: Iterable[Message]) -> None:
        """Store these messages, to be sent. A message that exists already stays as it is, so an
        event that comes again after its inbox row was deleted does no harm.
        """
        for message in messages:
            fields = _document(message)
            one = {"_id": fields.pop("_id")}
            tx.at_commit(self._documents, UpdateOne(one, {"$setOnInsert": fields}, upsert=True))

    async def any_due(self, now: datetime) -> bool:
        return await self._documents.find_one(_due(now), {"_id": 1}) is not None

    async def claim(self, now: datetime, until: datetime) -> Message | None:
        """Take the most urgent message that is due. No other process gets it before `until`."""
        found = await self._documents.find_one_and_update(
            _due(now),
            {
                "$set": {"status": Status.SENDING.value, "claimed_until": until},
                "$inc": {"attempts": 1},
            },
            sort=[("urgency", 1), ("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return None if found is None else _message(found)

    async def record(self, claimed: Message, outcome: Message) -> bool:
        """Store the outcome of a claimed message. False if the claim has expired meanwhile."""
        found = await self._documents.replace_one(
            {
                "_id": claimed.id,
                "status": Status.SENDING.value,
                "attempts": claimed.attempts,
            },
            _document(outcome),
        )
        return found.matched_count == 1

    async def abandoned(self, now: datetime) -> list[Message]:
        """Claimed messages whose claim has expired: their process has died."""
        rows = self._documents.find({"status": Status.SENDING.value, "claimed_until": {"$lt": now}})
        return [_message(row) async for row in rows.limit(100)]

    async def find_by_receipt(self, to: str, receipt: Receipt) -> tuple[Message, str] | None:
        """The message of a receipt, and the key of the part.

        It is the latest message that waits for such a receipt. If there is none, it is the latest
        with exactly this id, which has had its receipt: then this one has come again.
        """
        keys = id_forms(receipt.message_id)
        waiting = [{"key": key, "outcome": "pending"} for key in keys]
        for part in [*waiting, {"key": keys[0]}]:
            found = await self._documents.find_one(
                {"to": to, "parts": {"$elemMatch": part}}, sort=[("created_at", -1)]
            )
            if found is not None:
                return _message(found), part["key"]
        return None

    async def get(self, key: UUID) -> Message | None:
        found = await self._documents.find_one({"_id": key})
        return None if found is None else _message(found)

    async def replace(self, before: Message, after: Message) -> bool:
        """Store `after`, if nothing has changed since `before` was read. False if it has."""
        found = await self._documents.replace_one(
            {
                "_id": before.id,
                "status": before.status.value,
                "parts": [part.model_dump() for part in before.parts],
            },
            _document(after),
        )
        return found.matched_count == 1

    async def keep_early_receipt(self, to: str, receipt: Receipt, now: datetime) -> None:
        """Store a receipt that came before the parts of its message were stored."""
        key = {"to": to, "key": id_key(receipt.message_id)}
        fields = {"state": receipt.state, "outcome": receipt.outcome, "at": now}
        await self._receipts.update_one({"_id": key}, {"$set": fields}, upsert=True)

    async def take_early_receipt(self, to: str, part_id: str) -> Receipt | None:
        """Remove and return the stored receipt of this part, if there is one."""
        for key in id_forms(part_id):
            found = await self._receipts.find_one_and_delete({"_id": {"to": to, "key": key}})
            if found is not None:
                return Receipt(part_id, found["state"], found["outcome"])
        return None

    async def find(
        self,
        page: PageRequest,
        *,
        person_id: UUID | None = None,
        status: Status | None = None,
        channel: Channel | None = None,
    ) -> tuple[list[Message], str | None]:
        """The message log, the latest first."""
        query: Document = {}
        if person_id is not None:
            query["person_id"] = person_id
        if status is not None:
            query["status"] = status.value
        if channel is not None:
            query["channel"] = channel.value
        latest = [("created_at", -1), ("_id", 1)]
        found, following = await read_page(self._documents, query, latest, page)
        return [_message(row) for row in found], following


def _due(now: datetime) -> dict[str, Any]:
    return {"status": Status.QUEUED.value, "due_at": {"$lte": now}}


def _document(message: Message) -> Document:
    fields = message.model_dump()
    return {"_id": fields.pop("id"), **fields, "urgency": int(message.urgency)}


def _message(row: Document) -> Message:
    return Message.model_validate({"id": row["_id"], **row})
