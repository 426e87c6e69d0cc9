"""Calls for entries."""

import json
from uuid import UUID

from services.applications.calls import rules
from services.applications.calls.rules import Call, CallNotOpen, CallStatus, CallUnknown, Command
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, DESCENDING, Document, Index, Tx
from shared.repositories import Repository

INDEXES = [
    Index("calls", [("status", ASCENDING), ("facts.closes_at", DESCENDING), ("_id", ASCENDING)])
]
PUBLIC = [status.value for status in CallStatus if status is not CallStatus.DRAFT]


class Calls(Repository[Call, Command]):
    collection = "calls"
    model = Call
    decide = staticmethod(rules.decide)
    not_found_error = CallUnknown

    def document(self, state: Call) -> Document:
        """The form is stored as text, since MongoDB has a meaning for keys like "$ref"."""
        document = super().document(state)
        document["facts"]["form"] = json.dumps(state.facts.form)
        return document

    def state(self, document: Document) -> Call:
        facts = document["facts"] | {"form": json.loads(document["facts"]["form"])}
        return super().state(document | {"facts": facts})

    async def must_be_open(self, tx: Tx, key: UUID) -> None:
        """Let the transaction commit only if the call is open at that moment. Raises `CallNotOpen`.

        It writes to the call, so this transaction and one that closes the call conflict.
        """
        found = await self.documents.update_one(
            {"_id": key, "status": CallStatus.OPEN.value},
            {"$inc": {"entered": 1}},
            session=tx.session,
        )
        if found.matched_count == 0:
            raise CallNotOpen

    async def public(self, page: PageRequest) -> tuple[list[Call], str | None]:
        """All calls except drafts, the latest deadline first."""
        latest = [("facts.closes_at", -1), ("_id", 1)]
        found, following = await read_page(
            self.documents, {"status": {"$in": PUBLIC}}, latest, page
        )
        return [self.state(document) for document in found], following
