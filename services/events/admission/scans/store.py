"""The scans of each ticket at each session."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from services.events.admission.gates.rules import ReEntry
from services.events.admission.recordings.consent import Signed
from services.events.admission.scans.rules import (
    JudgedScan,
    Scan,
    ScanDirection,
    ScanResult,
    admitted_at,
    judge,
)
from services.events.booking.registrations.state import Registration
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx, UpdateOne

INDEXES = [
    Index("ticket_scans", [("session_id", ASCENDING), ("inside", ASCENDING)]),
    Index("ticket_scans", [("session_id", ASCENDING)], only_where={"conflict": True}),
    Index("ticket_scans", [("person_id", ASCENDING)]),
    Index(
        "ticket_scans",
        [("registration_id", ASCENDING)],
        only_where={"registration_id": {"$exists": True}},
    ),
]


def ticket_scans_id(registration: Registration, session_id: UUID) -> UUID:
    """The id of the document with a ticket's scans at one session.

    It is the registration's own id; for the ticket of a course, there is one for each session.
    """
    if session_id == registration.bookable_id:
        return registration.id
    return uuid5(registration.id, str(session_id))


class KnownScans(NamedTuple):
    """What is stored of one ticket at one session."""

    scans: list[Scan]
    consents: list[Signed]


NO_SCANS = KnownScans([], [])


class TicketScans:
    """One document for each ticket at a session. Two gates that scan it at once both write it."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("ticket_scans")

    def of_tickets(self, registrations: Sequence[UUID]) -> Document:
        """The query for all scans of these registrations."""
        return _of(list(registrations))

    def known(self, rows: Iterable[Document]) -> dict[UUID, KnownScans]:
        """By their ids (`ticket_scans_id`)."""
        return {row["_id"]: KnownScans(_scans(row), _consents(row)) for row in rows}

    async def of(self, registration_id: UUID) -> list[list[Scan]]:
        """The scans of one ticket, session by session."""
        rows = self._documents.find(_of([registration_id])).sort("_id", 1)
        return [_scans(row) for row in await rows.to_list(None)]

    async def admitted(
        self, registrations: Iterable[UUID], tx: Tx | None = None
    ) -> dict[tuple[UUID, UUID], datetime]:
        """When the holders were first let in, by (registration, session)."""
        query = _of(list(registrations)) | {"admitted": True}
        rows = await self._documents.find(query, session=tx and tx.session).to_list(None)
        first = {(_holder(row), row["session_id"]): admitted_at(_judged(row)) for row in rows}
        return {key: at for key, at in first.items() if at is not None}

    async def each(self, sessions: Iterable[UUID]) -> AsyncIterator[tuple[UUID, UUID, list[Scan]]]:
        """Every ticket shown in these sessions: (registration, session, its scans)."""
        rows = self._documents.find({"session_id": {"$in": list(sessions)}}).batch_size(500)
        async for row in rows:
            yield _holder(row), row["session_id"], _scans(row)

    def write(
        self,
        tx: Tx,
        registration: Registration,
        session_id: UUID,
        judged: Sequence[JudgedScan],
        inside: bool,
        *,
        lost: bool,
    ) -> None:
        """`lost`: see `rules.given_up`."""
        let_in = [one.scan.effective_at for one in judged if one.answer is ScanResult.ADMITTED]
        document: Document = {
            "session_id": session_id,
            "person_id": registration.person_id,
            "size": registration.size,
            "inside": inside,
            "since": max(let_in, default=None),
            "admitted": bool(let_in),
            "conflict": lost or any(one.conflict for one in judged),
            "given_up": lost,
            "scans": [_document(one.scan) for one in judged],
        }
        key = ticket_scans_id(registration, session_id)
        if key != registration.id:
            document["registration_id"] = registration.id
        change = UpdateOne({"_id": key}, {"$set": document}, upsert=True)
        tx.at_commit(self._documents, change)

    def write_consents(self, tx: Tx, registration: Registration, signed: Sequence[Signed]) -> None:
        """Write when consents were signed and withdrawn, beside the scans that depend on them."""
        fields = {
            "session_id": registration.bookable_id,
            "consents": [asdict(one) for one in signed],
        }
        change = UpdateOne({"_id": registration.id}, {"$set": fields}, upsert=True)
        tx.at_commit(self._documents, change)

    async def consents(self, registrations: Iterable[UUID]) -> dict[UUID, list[Signed]]:
        signed = {"_id": {"$in": list(registrations)}, "consents": {"$exists": True}}
        rows = self._documents.find(signed, {"consents": 1})
        return {row["_id"]: _consents(row) for row in await rows.to_list(None)}

    async def conflicts(self, session_id: UUID) -> dict[UUID, tuple[list[Scan], bool]]:
        """By registration, the scans of every ticket with a conflict, and `rules.given_up`."""
        rows = self._documents.find({"session_id": session_id, "conflict": True}).sort("_id", 1)
        return {
            _holder(row): (_scans(row), row.get("given_up", False))
            for row in await rows.to_list(500)
        }

    async def inside(self, registrations: Iterable[UUID], sessions: Iterable[UUID]) -> set[UUID]:
        """Those of the registrations whose holders are in one of the sessions now."""
        here = {"inside": True, "session_id": {"$in": list(sessions)}}
        rows = self._documents.find(_of(list(registrations)) | here)
        return {_holder(row) for row in await rows.to_list(None)}

    async def present(self, sessions: Collection[UUID]) -> list[tuple[UUID, UUID, int, datetime]]:
        """Where everybody who is in one of these sessions is, by the scans of each session alone.

        A person may so be in several sessions, also in others than these. Of each: (person,
        session, people on the ticket, when they were last let in).
        """
        here = {"session_id": {"$in": list(sessions)}, "inside": True}
        people = await self._documents.distinct("person_id", here)
        fields = {"person_id": 1, "session_id": 1, "size": 1, "since": 1}
        rows = self._documents.find({"person_id": {"$in": people}, "inside": True}, fields)
        return [
            (row["person_id"], row["session_id"], row["size"], row["since"])
            for row in await rows.to_list(None)
        ]

    async def people_admitted(self, session_id: UUID) -> int:
        """How many people were ever let in to a session."""
        let_in = {"session_id": session_id, "admitted": True}
        total = {"_id": None, "people": {"$sum": "$size"}}
        found = await self._documents.aggregate([{"$match": let_in}, {"$group": total}]).to_list(1)
        return int(found[0]["people"]) if found else 0

    async def of_person(
        self, person_id: UUID, sessions: Collection[UUID]
    ) -> list[tuple[UUID, int, list[Scan]]]:
        """One person's tickets at these sessions: (session, people on the ticket, its scans)."""
        query = {"person_id": person_id, "session_id": {"$in": list(sessions)}}
        rows = await self._documents.find(query).to_list(None)
        return [(row["session_id"], row["size"], _scans(row)) for row in rows]

    async def let_in_at(self, sessions: Collection[UUID]) -> set[tuple[UUID, UUID]]:
        """Which tickets were let in at which of these sessions: (registration, session)."""
        query = {"session_id": {"$in": list(sessions)}, "admitted": True}
        rows = self._documents.find(query, {"registration_id": 1, "session_id": 1})
        return {(_holder(row), row["session_id"]) for row in await rows.to_list(None)}


def _of(registrations: list[UUID]) -> Document:
    these = {"$in": registrations}
    return {"$or": [{"_id": these}, {"registration_id": these}]}


def _holder(entry: Document) -> UUID:
    found: UUID = entry["registration_id"] if "registration_id" in entry else entry["_id"]
    return found


def _judged(entry: Document) -> list[JudgedScan]:
    return judge(_scans(entry))[0]


def _document(scan: Scan) -> Document:
    return {
        "nonce": scan.nonce,
        "at": scan.at,
        "effective_at": scan.effective_at,
        "gate": scan.gate_id,
        "device": scan.device,
        "direction": scan.direction.value,
        "told": scan.told and scan.told.value,
        "refusal": scan.refusal and scan.refusal.value,
        "re_entry": scan.re_entry.value,
    }


def _scans(entry: Document) -> list[Scan]:
    return [_scan(row) for row in entry.get("scans", ())]


def _consents(entry: Document) -> list[Signed]:
    return [Signed(**row) for row in entry.get("consents", ())]


def _scan(row: Document) -> Scan:
    return Scan(
        nonce=row["nonce"],
        at=row["at"],
        effective_at=row["effective_at"],
        gate_id=row["gate"],
        device=row["device"],
        direction=ScanDirection(row["direction"]),
        told=ScanResult(row["told"]) if row["told"] else None,
        refusal=ScanResult(row["refusal"]) if row["refusal"] else None,
        re_entry=ReEntry(row["re_entry"]),
    )
