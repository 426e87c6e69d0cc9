"""Work that reaches many people, a page of them at a time.

A release of the schedule notifies thousands of people. That is too much for one transaction, and
the process may stop at any moment. So first each person is stored, in a document of their own
(`Recipients`). Then one transaction after another reaches a page of them, and marks them as reached
(`FanOutJob`).

- The work can stop after any page. Then this replica or another continues from there.
- Each person is reached once. If two replicas take the same page, they write the same documents:
  one of the two transactions has to run again, and then it finds the next page.
- A person may be added twice: the id of the document follows from the work and the person.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID, uuid5

from shared.errors import DomainError
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx, UpdateOne
from shared.polling import poll
from shared.stop import Stop

EVERY = 1.0  # seconds until the next look, if there was nothing to do

W = TypeVar("W")


class PagedJob(ABC, Generic[W]):
    """A loop that looks for unfinished work, and does one page of each in turn.

    So a large piece of work does not delay a small one.
    """

    name: ClassVar[str]  # in logs

    @abstractmethod
    async def unfinished(self) -> Sequence[W]:
        """A few pieces of work that are not finished, the most urgent first."""

    @abstractmethod
    async def next_page(self, work: W) -> bool:
        """Do a page of it. Returns True if there may be more."""

    async def run(self, stop: Stop) -> None:
        await poll(lambda: self.look(stop), every=EVERY, stop=stop, what=self.name)

    async def look(self, stop: Stop | None = None) -> bool:
        """Do a page of each, until `stop` is set. Returns True if there may be more."""
        more = False
        for work in await self.unfinished():
            if stop is not None and stop.is_set():
                break
            more = await self.next_page(work) or more
        return more


class FanOutJob(PagedJob[W]):
    """A paged job in which one transaction does a page and records it."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo

    @abstractmethod
    async def page(self, tx: Tx, work: W) -> bool:
        """Do a page of it and record that, in this transaction. Returns True if there may be more.

        If another replica has finished the work meanwhile, do nothing.
        """

    async def next_page(self, work: W) -> bool:
        return await self._mongo.transaction(lambda tx: self.page(tx, work))


class Recipients:
    """The people whom a piece of work is for, and when each of them was reached.

    {_id, work_id, person_id, reached_at: None | datetime, …details}
    """

    collection: ClassVar[str]

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection(self.collection)

    @classmethod
    def indexes(cls) -> list[Index]:
        of_work = [("work_id", ASCENDING), ("_id", ASCENDING)]
        return [
            Index(cls.collection, of_work, only_where={"reached_at": None}),
            Index(cls.collection, [("work_id", ASCENDING), ("reached_at", ASCENDING)]),
        ]

    def add(self, tx: Tx, work_id: UUID, people: Mapping[UUID, Document]) -> None:
        """Store these people. `people` has details of each, which are added to those stored."""
        for person_id, details in people.items():
            new = {"work_id": work_id, "person_id": person_id, "reached_at": None}
            change: Document = {"$setOnInsert": new} | ({"$set": details} if details else {})
            key = recipient_id(work_id, person_id)
            tx.at_commit(self._documents, UpdateOne({"_id": key}, change, upsert=True))

    async def waiting(self, tx: Tx, work_id: UUID, limit: int) -> list[Document]:
        """A page of those who are not reached yet."""
        query = {"work_id": work_id, "reached_at": None}
        rows = self._documents.find(query, session=tx.session).sort("_id", 1).limit(limit)
        return await rows.to_list(None)

    def reached(self, tx: Tx, page: Iterable[Document], now: datetime) -> None:
        """Mark these rows, which `waiting` has returned, as reached."""
        change = {"$set": {"reached_at": now}}
        tx.at_commit(self._documents, *(UpdateOne({"_id": row["_id"]}, change) for row in page))

    async def count(self, work_id: UUID, *, reached: bool = False) -> int:
        """How many people the work is for; with `reached`, how many of them are reached."""
        query: Document = {"work_id": work_id}
        return await self._documents.count_documents(
            query | ({"reached_at": {"$ne": None}} if reached else {})
        )


def recipient_id(work_id: UUID, person_id: UUID) -> UUID:
    """Always the same id for the same work and person."""
    return uuid5(work_id, str(person_id))


async def unless_refused(attempts: Iterable[Awaitable[object]]) -> None:
    """Wait for all of these. If a rule refuses one, another replica has done it meanwhile."""

    async def attempt(one: Awaitable[object]) -> None:
        with suppress(DomainError):
            await one

    await asyncio.gather(*(attempt(one) for one in attempts))
