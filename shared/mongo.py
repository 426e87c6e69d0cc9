"""MongoDB. This is the only file that imports the driver, so replacing Motor changes only this
file.

Motor reached its end of life in May 2026; see docs/adr/0002-motor-behind-one-file.md.

What callers can rely on: a majority of the replica set has every write in its journal; dates are
read in UTC; UUIDs are stored as UUIDs (binary subtype 4). The work of a transaction may run more
than once, so it must have no effect except through its `Tx`.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bson import CodecOptions
from bson.binary import UuidRepresentation
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
)
from pymongo import (
    ASCENDING,
    DESCENDING,
    InsertOne,
    MongoClient,
    ReplaceOne,
    ReturnDocument,
    UpdateOne,
)
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "Collection",
    "Document",
    "Index",
    "InsertOne",
    "Mongo",
    "MongoError",
    "ReplaceOne",
    "ReturnDocument",
    "Session",
    "Tx",
    "UpdateOne",
    "duplicated_key",
    "initiate_replica_set",
    "is_outage",
]

Document = dict[str, Any]
if TYPE_CHECKING:
    Collection = AsyncIOMotorCollection[Document]
else:
    Collection = object
Session = AsyncIOMotorClientSession
MongoError = PyMongoError
T = TypeVar("T")

_MAJORITY = WriteConcern(w="majority", j=True)
_CODECS: CodecOptions[Document] = CodecOptions(
    tz_aware=True, tzinfo=UTC, uuid_representation=UuidRepresentation.STANDARD
)
_DUPLICATE = 11000


@dataclass(frozen=True)
class Index:
    """One index of one collection. Each store declares the indexes of its queries."""

    collection: str
    keys: Sequence[tuple[str, int]]
    unique: bool = False
    only_where: Mapping[str, object] | None = None  # partial index
    expire_after: timedelta | None = None  # TTL on the (single, date) key


@dataclass
class Tx:
    """One open transaction: read and write with `session=tx.session`."""

    session: AsyncIOMotorClientSession
    _later: dict[str, tuple[Any, list[Any]]] = field(default_factory=dict)

    def at_commit(self, collection: "Collection", *operations: Any) -> None:
        """Write these just before the commit, with one request for each collection.

        For writes that nothing in this transaction reads. In one collection they keep their order.
        """
        if operations:
            self._later.setdefault(collection.name, (collection, []))[1].extend(operations)

    async def flush(self) -> None:
        """Write what `at_commit` has collected, without a commit."""
        for collection, operations in self._later.values():
            await collection.bulk_write(operations, session=self.session)
        self._later.clear()

    def commit(self) -> PyMongoError | None:
        """Write what `at_commit` has collected, and commit. Blocks: one thread does it all.

        Returns the error of the commit, if there is one; raises an error of the writes before it.
        """
        session = self.session.delegate
        for collection, operations in self._later.values():
            collection.delegate.bulk_write(operations, session=session)
        self._later.clear()  # a second call only commits
        try:
            session.commit_transaction()
        except PyMongoError as error:
            return error
        return None


class Mongo:
    """A service's own database."""

    def __init__(self, client: "AsyncIOMotorClient[Document]", database: str) -> None:
        self.client = client
        self.db: AsyncIOMotorDatabase[Document] = client.get_database(
            database,
            codec_options=_CODECS,
            write_concern=_MAJORITY,
            read_concern=ReadConcern("majority"),
        )

    @classmethod
    def connect(cls, url: str, database: str) -> Self:
        """Open a client. Nothing is sent yet: the first operation looks for the replica set."""
        client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url,
            appname=database,
            uuidRepresentation="standard",
            tz_aware=True,
            retryWrites=True,
            serverSelectionTimeoutMS=5_000,
            connectTimeoutMS=3_000,
            socketTimeoutMS=30_000,
        )
        return cls(client, database)

    async def close(self) -> None:
        """Close the connections. In a thread, since the driver sends a last command here."""
        await asyncio.to_thread(self.client.close)

    def collection(self, name: str) -> "Collection":
        return self.db[name]

    async def ping(self) -> None:
        """Raises `MongoError` if no primary answers."""
        await self.client.admin.command("hello")
        await self.db.command("ping")

    async def find_together(
        self, tx: Tx, queries: Mapping[str, Document], *, only: Mapping[str, Document]
    ) -> dict[str, list[Document]]:
        """What each query finds in its collection, with one request; together at most 16 MB.

        `only`: the fields to read of a collection, if not all are needed.
        """
        steps: list[Document] = []
        for name, query in queries.items():
            fields = [{"$project": only[name]}] if name in only else []
            look = {"from": name, "pipeline": [{"$match": query}, *fields], "as": name}
            steps.append({"$lookup": look})
        found = self.db.aggregate([{"$documents": [{}]}, *steps], session=tx.session)
        [together] = await found.to_list(None)
        return dict(together)

    async def ensure_indexes(self, indexes: Iterable[Index]) -> None:
        """Create every declared index, unless it exists."""
        for index in indexes:
            options: Document = {"unique": index.unique}
            if index.only_where is not None:
                options["partialFilterExpression"] = dict(index.only_where)
            if index.expire_after is not None:
                options["expireAfterSeconds"] = int(index.expire_after.total_seconds())
            await self.db[index.collection].create_index(list(index.keys), **options)

    async def transaction(self, work: Callable[[Tx], Awaitable[T]], *, patience: float = 15.0) -> T:
        """Run `work` in one transaction and commit it. After a conflict, run it again.

        It tries again after errors that the server calls transient, and after a commit with an
        unknown result: with a random pause that grows, for `patience` seconds.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        attempt = 0
        # To begin or end a session needs no request, so no thread as in Motor.
        with self.client.delegate.start_session() as begun:
            session = Session(begun, self.client)
            while True:
                try:
                    return await self._attempt(session, work, deadline)
                except PyMongoError as error:
                    transient = error.has_error_label("TransientTransactionError")
                    if not transient or loop.time() > deadline:
                        raise
                attempt += 1
                await asyncio.sleep(random.uniform(0, min(0.002 * 2**attempt, 0.25)))  # noqa: S311

    async def _attempt(
        self,
        session: Session,
        work: Callable[[Tx], Awaitable[T]],
        deadline: float,
    ) -> T:
        tx = Tx(session)
        session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=_MAJORITY)
        try:
            result = await work(tx)
            committing = asyncio.create_task(asyncio.to_thread(tx.commit))
            try:
                error = await asyncio.shield(committing)
            except asyncio.CancelledError:
                await asyncio.wait([committing])  # two threads must not use one session
                raise
        except BaseException:
            with suppress(PyMongoError):  # the server ends an open transaction by itself
                await session.abort_transaction()
            raise
        while error is not None:
            unknown = error.has_error_label("UnknownTransactionCommitResult")
            if not unknown or asyncio.get_running_loop().time() > deadline:
                raise error
            await asyncio.sleep(0.05)
            error = await asyncio.to_thread(tx.commit)
        return result

    async def await_insert(
        self, collection: str, seconds: float, *, unless: Callable[[], Awaitable[bool]]
    ) -> None:
        """Return when a document is inserted there, or after so many seconds; at once if `unless`.

        `unless` is called after the change stream is open, so no insert can be missed. The stream
        is closed on return, so that a busy collection has no cost of it.
        """
        async with self.db[collection].watch(
            [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}],
            max_await_time_ms=int(seconds * 1000),
        ) as stream:
            if not await unless():
                await stream.try_next()


def duplicated_key(error: BaseException) -> Mapping[str, object] | None:
    """The unique key that a write would have repeated (field → value); None for other errors."""
    if isinstance(error, BulkWriteError):
        for failed in error.details.get("writeErrors", ()):
            if failed.get("code") == _DUPLICATE:
                return dict(failed.get("keyValue", {}))
        return None
    if isinstance(error, DuplicateKeyError):
        return dict((error.details or {}).get("keyValue", {}))
    return None


def is_outage(error: BaseException) -> bool:
    """True if the database cannot be reached or has no primary: wait and try again."""
    if isinstance(error, (ConnectionFailure, WTimeoutError)):
        return True
    return isinstance(error, OperationFailure) and error.has_error_label("RetryableWriteError")


def initiate_replica_set(name: str, host: str, port: int) -> None:
    """Make a mongod the primary of a replica set of one, at this address. For development."""
    with MongoClient[Document](host, port, directConnection=True) as client:
        members = [{"_id": 0, "host": f"{host}:{port}"}]
        try:
            client.admin.command("replSetInitiate", {"_id": name, "members": members})
        except OperationFailure as error:
            if error.code != 23:  # AlreadyInitialized
                raise
            config = client.admin.command("replSetGetConfig")["config"]
            if config["members"][0]["host"] != members[0]["host"]:
                config |= {"members": members, "version": config["version"] + 1}
                client.admin.command("replSetReconfig", config, force=True)
        deadline = time.monotonic() + 30
        while not client.admin.command("hello").get("isWritablePrimary"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{host}:{port} did not become primary in 30 s")
            time.sleep(0.02)
