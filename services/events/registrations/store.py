from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.events.registrations.rules import Registration, RegistrationUnknown, Status
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, InsertOne, Mongo, ReplaceOne, Tx

INDEXES = [
    # Who holds or awaits a place in which session: at most once. Absent once cancelled.
    Index(
        "registrations",
        [("claim", ASCENDING)],
        unique=True,
        only_where={"claim": {"$exists": True}},
    ),
    # The line of a session, in order.
    Index(
        "registrations",
        [("session_id", ASCENDING), ("number", ASCENDING)],
        only_where={"status": "waiting"},
    ),
    Index("registrations", [("person_id", ASCENDING), ("_id", ASCENDING)]),
]


class Registrations:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("registrations")

    async def find(self, key: UUID, tx: Tx | None = None) -> Registration | None:
        found = await self._documents.find_one({"_id": key}, session=tx and tx.session)
        return None if found is None else _registration(found)

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
        return [_registration(row) for row in found], following

    async def ahead_of(self, registration: Registration) -> int | None:
        """How many stand before them in the line; None if they are not in it."""
        if registration.status is not Status.WAITING:
            return None
        return await self._documents.count_documents(
            {
                "session_id": registration.session_id,
                "status": Status.WAITING.value,
                "number": {"$lt": registration.number},
            }
        )

    async def live(
        self, tx: Tx, pairs: Iterable[tuple[UUID, UUID]]
    ) -> dict[tuple[UUID, UUID], Registration]:
        """What these people have in these sessions, by (session, person)."""
        claims = [session.bytes + person.bytes for session, person in pairs]
        rows = self._documents.find({"claim": {"$in": claims}}, session=tx.session)
        found = [_registration(row) for row in await rows.to_list(None)]
        return {(one.session_id, one.person_id): one for one in found}

    async def line(self, tx: Tx, session_id: UUID, length: int) -> list[Registration]:
        """The first so many of a session's line."""
        rows = (
            self._documents.find(
                {"session_id": session_id, "status": Status.WAITING.value}, session=tx.session
            )
            .sort("number", 1)
            .limit(length)
        )
        return [_registration(row) async for row in rows]

    def write(self, tx: Tx, registrations: Iterable[Registration]) -> None:
        """Write each as it is now; the last of several versions of one is what counts."""
        states: defaultdict[UUID, list[Registration]] = defaultdict(list)
        for one in registrations:
            states[one.id].append(one)
        for versions in states.values():
            document = _document(versions[-1])
            if versions[0].version == 1:
                tx.later(self._documents, InsertOne(document))
            else:
                tx.later(self._documents, ReplaceOne({"_id": document["_id"]}, document))


def _document(one: Registration) -> Document:
    document: dict[str, Any] = {
        "_id": one.id,
        "session_id": one.session_id,
        "person_id": one.person_id,
        "status": one.status.value,
        "asked_at": one.asked_at,
        "number": one.number,
        "admitted_at": one.admitted_at,
        "version": one.version,
    }
    if one.status is not Status.CANCELLED:
        document["claim"] = one.session_id.bytes + one.person_id.bytes
    return document


def _registration(row: Document) -> Registration:
    return Registration(
        id=row["_id"],
        session_id=row["session_id"],
        person_id=row["person_id"],
        status=Status(row["status"]),
        asked_at=row["asked_at"],
        number=row["number"],
        admitted_at=row["admitted_at"],
        version=row["version"],
    )
