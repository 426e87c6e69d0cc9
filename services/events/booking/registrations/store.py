from collections.abc import Collection, Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import (
    Answers,
    Ending,
    Override,
    Registration,
    Status,
    TransferCode,
)
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, InsertOne, Mongo, ReplaceOne, Tx

TURN = [("priority", -1), ("asked_at", 1), ("number", 1)]
"""`Registration.turn`, as the database sorts it."""

INDEXES = [
    # A person has at most one live registration in a session or course.
    Index(
        "registrations",
        [("claim", ASCENDING)],
        unique=True,
        only_where={"claim": {"$exists": True}},
    ),
    # The waiting list of a session or course, and of a quota, in order.
    Index(
        "registrations",
        [("bookable_id", ASCENDING), ("number", ASCENDING)],
        only_where={"status": "waiting"},
    ),
    Index("registrations", [("quotas", ASCENDING), *TURN], only_where={"status": "waiting"}),
    # What has a time limit.
    Index(
        "registrations", [("expires_at", ASCENDING)], only_where={"expires_at": {"$type": "date"}}
    ),
    Index("registrations", [("bookable_id", ASCENDING), ("_id", ASCENDING)]),
    # What a bank transfer pays for, and who gets money back.
    Index(
        "registrations",
        [("reference", ASCENDING)],
        unique=True,
        only_where={"reference": {"$exists": True}},
    ),
    Index(
        "registrations",
        [("_id", ASCENDING), ("due_back", ASCENDING)],
        only_where={"due_back": {"$exists": True}},
    ),
    Index("registrations", [("person_id", ASCENDING), ("_id", ASCENDING)]),
    # What a transfer code is for; and which registrations are of one list of preferences.
    Index(
        "registrations",
        [("transfer.secret", ASCENDING)],
        unique=True,
        only_where={"transfer.secret": {"$exists": True}},
    ),
    Index("registrations", [("wish_id", ASCENDING)], only_where={"wish_id": {"$exists": True}}),
]


class Registrations:
    collection: ClassVar[str] = "registrations"

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection(self.collection)

    async def find(self, key: UUID, tx: Tx | None = None) -> Registration | None:
        found = await self._documents.find_one({"_id": key}, session=tx and tx.session)
        return None if found is None else as_registration(found)

    async def get(self, key: UUID) -> Registration:
        """Raises `RegistrationUnknown`."""
        found = await self.find(key)
        if found is None:
            raise RegistrationUnknown
        return found

    async def of_person(
        self, person_id: UUID, page: PageRequest
    ) -> tuple[list[Registration], str | None]:
        """One person's, the latest first."""
        newest = [("_id", -1)]
        found, following = await read_page(self._documents, {"person_id": person_id}, newest, page)
        return [as_registration(row) for row in found], following

    async def waiting_before(self, registration: Registration) -> int | None:
        """How many come before it on the waiting list; None if it is not on it."""
        if registration.status is not Status.WAITING:
            return None
        return await self._documents.count_documents(
            {
                "bookable_id": registration.bookable_id,
                "status": Status.WAITING.value,
                "$or": [
                    {"priority": {"$gt": registration.priority}},
                    {"priority": registration.priority, "number": {"$lt": registration.number}},
                ],
            }
        )

    async def read(self, tx: Tx, keys: Iterable[UUID]) -> list[Registration]:
        rows = self._documents.find({"_id": {"$in": list(keys)}}, session=tx.session)
        return [as_registration(row) for row in await rows.to_list(None)]

    async def some(self, keys: Collection[UUID]) -> list[Registration]:
        rows = self._documents.find({"_id": {"$in": list(keys)}})
        return [as_registration(row) for row in await rows.to_list(None)]

    async def by_reference(self, tx: Tx, references: Iterable[str]) -> dict[str, UUID]:
        """The registrations that these payment references are of."""
        wanted = {"reference": {"$in": list(references)}}
        rows = self._documents.find(wanted, {"reference": 1}, session=tx.session)
        return {row["reference"]: row["_id"] for row in await rows.to_list(None)}

    async def due_back(self, page: PageRequest) -> tuple[list[Registration], str | None]:
        """Those of which money is due back, in the order in which people registered."""
        query = {"due_back": {"$exists": True}}
        found, following = await read_page(self._documents, query, [("_id", 1)], page)
        return [as_registration(row) for row in found], following

    async def confirmed(
        self, sessions: Iterable[UUID], page: PageRequest
    ) -> tuple[list[Registration], str | None]:
        """The confirmed ones in any of these sessions and courses."""
        query = {"bookable_id": {"$in": list(sessions)}, "status": Status.CONFIRMED.value}
        found, following = await read_page(self._documents, query, [("_id", 1)], page)
        return [as_registration(row) for row in found], following

    async def answered(
        self, bookable_id: UUID, page: PageRequest
    ) -> tuple[list[Registration], str | None]:
        """The live ones there with answers to the questions."""
        query = {
            "bookable_id": bookable_id,
            "claim": {"$exists": True},
            "answers": {"$exists": True},
        }
        found, following = await read_page(self._documents, query, [("_id", 1)], page)
        return [as_registration(row) for row in found], following

    async def enrolled(self, course_id: UUID, tx: Tx | None = None) -> list[Registration]:
        """The confirmed ones in a course, in the order in which people registered."""
        query = {"bookable_id": course_id, "status": Status.CONFIRMED.value}
        rows = self._documents.find(query, session=tx and tx.session).sort("_id", 1)
        return [as_registration(row) for row in await rows.to_list(None)]

    async def live_one(self, bookable_id: UUID, person_id: UUID) -> Registration | None:
        """The live registration of a person there."""
        found = await self._documents.find_one({"claim": claim(bookable_id, person_id)})
        return None if found is None else as_registration(found)

    async def held_by(self, person_id: UUID) -> list[UUID]:
        """The sessions and courses in which this person is confirmed; at most 1,000."""
        query = {"person_id": person_id, "status": Status.CONFIRMED.value}
        rows = self._documents.find(query, {"bookable_id": 1}).sort("_id", -1).limit(1_000)
        return [row["bookable_id"] for row in await rows.to_list(None)]

    async def lost_by(self, person_id: UUID) -> list[UUID]:
        """Cancelled sessions and courses in which this person was registered; at most 1,000."""
        query = {"person_id": person_id, "ended_by": Ending.SESSION.value}
        rows = self._documents.find(query, {"bookable_id": 1}).sort("_id", -1).limit(1_000)
        return [row["bookable_id"] for row in await rows.to_list(None)]

    async def live(self, tx: Tx, pairs: Iterable[tuple[UUID, UUID]]) -> list[Registration]:
        """The live registrations for these claims."""
        claims = [claim(session, person) for session, person in pairs]
        rows = self._documents.find({"claim": {"$in": claims}}, session=tx.session)
        return [as_registration(row) for row in await rows.to_list(None)]

    async def of_wish(self, wish_id: UUID, tx: Tx | None = None) -> list[Registration]:
        """In the order in which they were made."""
        rows = self._documents.find({"wish_id": wish_id}, session=tx and tx.session)
        return [as_registration(row) for row in await rows.sort("_id", 1).to_list(None)]

    async def by_transfer_code(self, secret: bytes) -> Registration | None:
        """The registration that a transfer code is for, by the code's hash."""
        found = await self._documents.find_one({"transfer.secret": secret})
        return None if found is None else as_registration(found)

    async def waiting(
        self, tx: Tx, quotas: Collection[UUID], full: Collection[UUID], known: Collection[UUID],
        limit: int,
    ) -> list[Registration]:  # fmt: skip
        """The first who wait for any of `quotas` and need none of the `full`; not the `known`."""
        query = {
            "status": Status.WAITING.value,
            "quotas": {"$in": list(quotas), "$nin": list(full)},
            "_id": {"$nin": list(known)},
        }
        rows = self._documents.find(query, session=tx.session).sort(TURN).limit(limit)
        return [as_registration(row) for row in await rows.to_list(None)]

    async def expired(self, now: datetime, limit: int) -> list[Registration]:
        """Those whose time limit has passed, the earliest first."""
        rows = self._documents.find({"expires_at": {"$lte": now}}).sort("expires_at", 1)
        return [as_registration(row) for row in await rows.limit(limit).to_list(None)]

    async def of_session(
        self, tx: Tx, bookable_id: UUID, after: UUID | None, limit: int
    ) -> list[Registration]:
        """A page of those in a session or course, in order of their ids, after this one."""
        query: Document = {"bookable_id": bookable_id}
        if after is not None:
            query["_id"] = {"$gt": after}
        rows = self._documents.find(query, session=tx.session).sort("_id", 1).limit(limit)
        return [as_registration(row) for row in await rows.to_list(None)]

    async def to_end(self, bookable_id: UUID, limit: int) -> list[Registration]:
        """Some of the live ones there whose holders have not been let in."""
        of_session = {
            "$gte": claim(bookable_id, UUID(int=0)),
            "$lte": claim(bookable_id, UUID(int=2**128 - 1)),
        }
        rows = self._documents.find({"claim": of_session, "admitted_at": None}).limit(limit)
        return [as_registration(row) for row in await rows.to_list(None)]

    def write(self, tx: Tx, before: Registration | None, after: Registration) -> None:
        document = as_document(after)
        if before is None:
            tx.at_commit(self._documents, InsertOne(document))
        else:
            tx.at_commit(self._documents, ReplaceOne({"_id": document["_id"]}, document))


def claim(bookable_id: UUID, person_id: UUID) -> bytes:
    return bookable_id.bytes + person_id.bytes


def as_document(one: Registration) -> Document:
    document: Document = {"_id": one.id, **{name: getattr(one, name) for name in _AS_IT_IS}}
    document |= {
        "status": one.status.value,
        "kind": one.kind.value,
        "quotas": list(one.quotas),
        "ended_by": one.ended_by and one.ended_by.value,
        "override": one.override and one.override._asdict(),
    }
    document |= {name: found for name in _IF_ANY if (found := getattr(one, name))}
    document |= {name: found._asdict() for name in _PARTS if (found := getattr(one, name))}
    if one.due_back:
        document["due_back"] = one.due_back
    if one.live:
        document["claim"] = claim(one.bookable_id, one.person_id)
        if one.company:
            document["company"] = list(one.company)
    return document


def as_registration(row: Document) -> Registration:
    return Registration(
        id=row["_id"],
        status=Status(row["status"]),
        kind=TicketKind(row["kind"]),
        quotas=tuple(row["quotas"]),
        ended_by=Ending(row["ended_by"]) if row["ended_by"] else None,
        override=Override(**row["override"]) if row["override"] else None,
        company=tuple(row.get("company", ())),
        **{name: row[name] for name in _AS_IT_IS},
        **{name: row[name] for name in _IF_ANY if name in row},
        **{name: part(**row[name]) for name, part in _PARTS.items() if name in row},
    )


_AS_IT_IS = (
    "bookable_id", "bookable_kind", "person_id", "asked_at", "size", "priority", "number",
    "expires_at", "confirmed_at", "admitted_at", "blocked_at", "ended_at", "amount", "paid",
    "version",
)  # fmt: skip
_IF_ANY = ("wish_id", "carried", "reference")
_PARTS = {
    "preference": Override,
    "answers": Answers,
    "follow_up": Answers,
    "transfer": TransferCode,
}
