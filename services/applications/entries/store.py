"""Entries, and the vault that alone knows their authors."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.applications.calls.store import Calls
from services.applications.entries import rules
from services.applications.entries.rules import (
    Command,
    Draft,
    Entry,
    EntryStatus,
    EntryUnknown,
    Submit,
)
from shared.errors import Conflict
from shared.mongo import ASCENDING, Index, Mongo, Tx
from shared.outbox.store import Outbox
from shared.repositories import Repository

INDEXES = [
    Index("entries", [("call_id", ASCENDING), ("code", ASCENDING)], unique=True),
    Index("vault", [("call_id", ASCENDING), ("person_id", ASCENDING)], unique=True),
]


class Vault:
    """Which person has written which entry. No other collection may hold this."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("vault")

    async def entry_of(self, call_id: UUID, person_id: UUID) -> UUID | None:
        """The entry of this person, for that person only."""
        found = await self._documents.find_one({"call_id": call_id, "person_id": person_id})
        return None if found is None else UUID(str(found["_id"]))

    async def add(self, tx: Tx, entry_id: UUID, call_id: UUID, person_id: UUID) -> None:
        await self._documents.update_one(
            {"_id": entry_id},
            {"$setOnInsert": {"call_id": call_id, "person_id": person_id}},
            upsert=True,
            session=tx.session,
        )

    async def authors(self, tx: Tx, call_id: UUID) -> dict[UUID, UUID]:
        """All authors of a call, by entry. Read once, when the call is decided, to notify them."""
        rows = self._documents.find({"call_id": call_id}, session=tx.session)
        return {row["_id"]: row["person_id"] async for row in rows}


class Entries(Repository[Entry, Command]):
    collection = "entries"
    model = Entry
    decide = staticmethod(rules.decide)
    not_found_error = EntryUnknown
    duplicate_errors: ClassVar = {"call_id": Conflict}

    def __init__(self, mongo: Mongo, outbox: Outbox, calls: Calls, vault: Vault) -> None:
        super().__init__(mongo, outbox)
        self._calls = calls
        self.vault = vault

    async def perform(
        self, tx: Tx, key: UUID, command: Command, now: datetime, *, expects: int | None = None
    ) -> Entry:
        after = await super().perform(tx, key, command, now, expects=expects)
        if isinstance(command, Draft):
            await self.vault.add(tx, key, after.call_id, command.person_id)
        if isinstance(command, Submit):
            await self._calls.must_be_open(tx, after.call_id)
        return after

    async def submitted(self, call_id: UUID, tx: Tx | None = None) -> Sequence[Entry]:
        """The submitted entries of a call, by code."""
        rows = self.documents.find(
            {"call_id": call_id, "status": EntryStatus.SUBMITTED.value}, session=tx and tx.session
        )
        return [self.state(row) async for row in rows.sort("code", 1)]

    async def by_code(self, call_id: UUID, code: str) -> Entry:
        """Raises `EntryUnknown` for one that was not submitted."""
        found = await self.documents.find_one(
            {"call_id": call_id, "code": code, "status": {"$ne": EntryStatus.DRAFT.value}}
        )
        if found is None:
            raise EntryUnknown
        return self.state(found)
