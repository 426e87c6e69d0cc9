"""Work that reaches many people, a page of them at a time.

A release of the schedule notifies thousands of people. That is too much for one transaction, and
the process may be stopped at any moment. So the people are written down first, one document each
(`Recipients`). Then each page of them is reached and marked as reached in one transaction
(`FanOutJob`).

- The work can stop after any page; this replica or another goes on from there.
- Each person is reached once. Two replicas that take the same page write the same documents: the
  database has one of them run again, and it finds the next page.
- A person can be written down twice. The id of the document follows from the work and the person.
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

EVERY = 1.0  # seconds between two looks, when there was nothing to do

W = TypeVar("W")


class PagedJob(ABC, Generic[W]):
    """A loop that looks for unfinished work and does one page of each in turn.

    So a large one does not hold up a small one.
    """

    name: ClassVar[str]  # in logs

    @abstractmethod
    async def unfinished(self) -> Sequence[W]:
        """A few pieces of work that are not finished, the most urgent first."""

    @abstractmethod
    async def next_page(self, work: W) -> bool:
        """Do a page of it. True: look again at once, there may be more."""

    async def run(self, stop: Stop) -> None:
        await poll(lambda: self.look(stop), every=EVERY, stop=stop, what=self.name)

    async def look(self, stop: Stop | None = None) -> bool:
        """Do a page of each; no further page once told to stop. True: there may be more."""
        more = False
        for work in await self.unfinished():
            if stop is not None and stop.is_set():
                break
            more = await self.next_page(work) or more
        return more


class FanOutJob(PagedJob[W]):
    """A paged job of which each page, and the record of it, is one transaction."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo

    @abstractmethod
    async def page(self, tx: Tx, work: W) -> bool:
        """Do a page of it and note that, in this transaction. True: there may be more.

        Another replica may have finished the work in the meantime: then do nothing.
        """

    async def next_page(self, work: W) -> bool:
        return await self._mongo.transaction(lambda tx: self.page(tx, work))


class Recipients:
    """Whom each piece of work is for, kept as the record of who was reached and when.

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
        """Write down these people. `people` has details of each, which are added to those known."""
        for person_id, details in people.items():
            new = {"work_id": work_id, "person_id": person_id, "reached_at": None}
            change: Document = {"$setOnInsert": new} | ({"$set": details} if details else {})
            key = recipient_id(work_id, person_id)
            tx.at_commit(self._documents, UpdateOne({"_id": key}, change, upsert=True))

    async def waiting(self, tx: Tx, work_id: UUID, limit: int) -> list[Document]:
        """A page of those who have not been reached."""
        query = {"work_id": work_id, "reached_at": None}
        rows = self._documents.find(query, session=tx.session).sort("_id", 1).limit(limit)
        return await rows.to_list(None)

    def reached(self, tx: Tx, page: Iterable[Document], now: datetime) -> None:
        """Mark these, as `waiting` returned them, as reached."""
        change = {"$set": {"reached_at": now}}
        tx.at_commit(self._documents, *(UpdateOne({"_id": row["_id"]}, change) for row in page))

    async def count(self, work_id: UUID, *, reached: bool = False) -> int:
        """How many it is for, or how many of them were reached."""
        query: Document = {"work_id": work_id}
        return await self._documents.count_documents(
            query | ({"reached_at": {"$ne": None}} if reached else {})
        )


def recipient_id(work_id: UUID, person_id: UUID) -> UUID:
    """The same for the same two, whoever asks and how often."""
    return uuid5(work_id, str(person_id))


async def unless_refused(attempts: Iterable[Awaitable[object]]) -> None:
    """Wait for all of these. What a rule refuses was done by another replica in the meantime."""

    async def attempt(one: Awaitable[object]) -> None:
        with suppress(DomainError):
            await one

    await asyncio.gather(*(attempt(one) for one in attempts))
