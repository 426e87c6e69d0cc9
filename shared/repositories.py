"""Repositories: where aggregates are kept.

A `Repository` keeps the aggregates of one kind. It loads a state, lets the feature's rule decide,
and writes in one transaction: the next state, an outbox row for each event and, if staff sent the
command, a row in the audit trail.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from shared.aggregates import Aggregate, Decision
from shared.audit import Audit
from shared.errors import Conflict, DomainError, NotFound, PreconditionFailed
from shared.mongo import Collection, Document, Mongo, MongoError, Tx, duplicated_key
from shared.outbox.store import Outbox

A = TypeVar("A", bound=Aggregate)
C = TypeVar("C", contravariant=True)


class Repository(Generic[A, C]):
    """The aggregates of one kind, in one collection of this service's database.

    class Spaces(Repository[Space, Command]):
        collection = "spaces"
        model = Space
        decide = staticmethod(rules.decide)
        not_found_error = SpaceUnknown
        duplicate_errors: ClassVar = {"slug": SlugTaken}
    """

    collection: ClassVar[str]
    model: type[A]
    decide: Callable[[A | None, C, datetime], Decision[A]]
    not_found_error: ClassVar[type[DomainError]] = NotFound
    duplicate_errors: ClassVar[Mapping[str, type[DomainError]]] = {}
    """What to raise when a unique index refuses a write, by the first field of that index."""

    def __init__(self, mongo: Mongo, outbox: Outbox) -> None:
        self.mongo = mongo
        self.documents: Collection = mongo.collection(self.collection)
        self._outbox = outbox
        self._audit = Audit(mongo)

    async def find(self, key: UUID, tx: Tx | None = None) -> A | None:
        document = await self.documents.find_one({"_id": key}, session=tx and tx.session)
        return None if document is None else self.state(document)

    async def get(self, key: UUID, tx: Tx | None = None) -> A:
        """Raises `not_found_error` if there is none."""
        found = await self.find(key, tx)
        if found is None:
            raise self.not_found_error
        return found

    async def perform(
        self, tx: Tx, key: UUID, command: C, now: datetime, *, expects: int | None = None
    ) -> A:
        """Let the rule decide on this command and write the decision, in the transaction.

        If staff sent the command, a row in the audit trail is written too.

        `expects` is the version that the caller has seen. Raises `PreconditionFailed` if the
        version is another now, and whatever the rule raises.
        """
        return await self.apply(tx, await self.find(key, tx), command, now, expects=expects)

    async def apply(
        self, tx: Tx, before: A | None, command: C, now: datetime, *, expects: int | None = None
    ) -> A:
        """The same, for a state that this transaction has read already."""
        if expects is not None:
            if before is None:
                raise self.not_found_error
            if before.version != expects:
                raise PreconditionFailed
        decision = self.decide(before, command, now)
        after = await self._write(tx, before, decision)
        self._audit.command(tx, command, before, after, now)
        return after

    async def _write(self, tx: Tx, before: A | None, decision: Decision[A]) -> A:
        after, events = decision
        if after == before and not events:
            return after
        version = before.version if before else 0
        after = after.model_copy(update={"version": version + max(1, len(events))})
        try:
            if before is None:
                await self.documents.insert_one(self.document(after), session=tx.session)
            else:
                await self._replace(tx, version, after)
        except MongoError as error:
            raise self._refused(error) from error
        for sequence, event in enumerate(events, start=version + 1):
            self._outbox.add(tx, event, sequence=sequence)
        return after

    async def _replace(self, tx: Tx, version: int, after: A) -> None:
        """Raises `Conflict` if the stored state is not of that version any more."""
        replaced = await self.documents.replace_one(
            {"_id": after.id, "version": version}, self.document(after), session=tx.session
        )
        if replaced.matched_count == 0:
            raise Conflict

    def _refused(self, error: MongoError) -> Exception:
        key = duplicated_key(error)
        if key is None:
            return error
        return self.duplicate_errors.get(next(iter(key), ""), Conflict)()

    def document(self, state: A) -> Document:
        fields = state.model_dump()
        return {"_id": fields.pop("id"), **fields}

    def state(self, document: Document) -> A:
        return self.model.model_validate({"id": document["_id"], **document})


class ImplicitRepository(Repository[A, C]):
    """Things that nobody has to create. Until somebody writes one, it is empty, at version 0.

    So the first to write it also says which version they have seen (`If-Match: "0"`). If two write
    at the same moment, one of them is told that it has changed.
    """

    async def apply(
        self, tx: Tx, before: A | None, command: C, now: datetime, *, expects: int | None = None
    ) -> A:
        if expects == 0 and before is None:
            expects = None
        return await super().apply(tx, before, command, now, expects=expects)
