"""Things with a life: their state, what may be done to them, and where they are kept.

    decide(state, command, now) -> Decision(next state, events)

is each feature's rule, and pure. A `Repository` keeps the states of one kind of thing: it loads
one, lets the rule decide, and writes the next state together with the outbox rows of its events
and, if staff did it, the audit row of the deed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.audit import Audit
from shared.contracts.base import Event
from shared.errors import Conflict, DomainError, NotFound, PreconditionFailed
from shared.mongo import Collection, Document, Mongo, MongoError, Tx, duplicated_key
from shared.outbox.store import Outbox


class Aggregate(BaseModel):
    """The state of one thing. `version` grows with every change; the store keeps it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    version: int = 0

    def changed(self, **changes: Any) -> Self:
        """The same with these fields changed. The values must be valid already."""
        return self.model_copy(update=changes)


A = TypeVar("A", bound=Aggregate)
C = TypeVar("C", contravariant=True)


class Decision(NamedTuple, Generic[A]):
    """What a rule says: the next state, and the facts that others are told, in order."""

    state: A
    events: tuple[Event, ...] = ()


class Repository(Generic[A, C]):
    """The states of one kind of thing, in one collection of this service's database."""

    collection: ClassVar[str]
    model: type[A]
    missing: ClassVar[type[DomainError]] = NotFound
    taken: ClassVar[Mapping[str, type[DomainError]]] = {}  # unique field → what to say
    """Raised where a unique index refuses a write, by the index's first field."""

    def __init__(self, mongo: Mongo, outbox: Outbox) -> None:
        self.mongo = mongo
        self.documents: Collection = mongo.collection(self.collection)
        self._outbox = outbox
        self._audit = Audit(mongo)

    def decide(self, state: A | None, command: C, now: datetime) -> Decision[A]:
        """The feature's rule."""
        raise NotImplementedError

    async def find(self, key: UUID, tx: Tx | None = None) -> A | None:
        document = await self.documents.find_one({"_id": key}, session=tx and tx.session)
        return None if document is None else self.state(document)

    async def get(self, key: UUID, tx: Tx | None = None) -> A:
        """Raises this kind's `missing` error if there is none."""
        found = await self.find(key, tx)
        if found is None:
            raise self.missing
        return found

    async def perform(
        self, tx: Tx, key: UUID, command: C, now: datetime, *, expects: int | None = None
    ) -> A:
        """Let the rule decide on this command and write what it says, in the transaction.

        If staff ask for it, a row in the audit trail is part of that.

        `expects` is the version the caller has seen. Raises `PreconditionFailed` if it is another
        now, and whatever the rule raises.
        """
        return await self.apply(tx, await self.find(key, tx), command, now, expects=expects)

    async def apply(
        self, tx: Tx, before: A | None, command: C, now: datetime, *, expects: int | None = None
    ) -> A:
        """The same, for a state that this transaction has read already."""
        if expects is not None:
            if before is None:
                raise self.missing
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
                await self.documents.replace_one(
                    {"_id": after.id, "version": version}, self.document(after), session=tx.session
                )
        except MongoError as error:
            raise self._refused(error) from error
        for sequence, event in enumerate(events, start=version + 1):
            self._outbox.add(tx, event, sequence=sequence)
        return after

    def _refused(self, error: MongoError) -> Exception:
        key = duplicated_key(error)
        if key is None:
            return error
        return self.taken.get(next(iter(key), ""), Conflict)()

    def document(self, state: A) -> Document:
        fields = state.model_dump()
        return {"_id": fields.pop("id"), **fields}

    def state(self, document: Document) -> A:
        return self.model.model_validate({"id": document["_id"], **document})


class ImplicitRepository(Repository[A, C]):
    """Things that nobody has to make: until somebody writes one it is blank, at version 0.

    So the first who writes it also says what they have seen (`If-Match: "0"`), and of two who do
    at once one is told that it has changed.
    """

    async def apply(
        self, tx: Tx, before: A | None, command: C, now: datetime, *, expects: int | None = None
    ) -> A:
        if expects == 0 and before is None:
            expects = None
        return await super().apply(tx, before, command, now, expects=expects)
