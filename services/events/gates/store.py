from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.gates import rules
from services.events.gates.rules import Describe, Gate, GateUnknown, ReEntry
from services.events.gates.scans import Answer, Judged, Scan, Way
from services.events.registrations.state import Registration
from shared.aggregates import Decision, Repository
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx, UpdateOne

INDEXES = [
    Index("gates", [("edition_id", ASCENDING)]),
    Index("entries", [("session_id", ASCENDING), ("inside", ASCENDING)]),
    Index("entries", [("session_id", ASCENDING)], only_where={"conflict": True}),
]


class Gates(Repository[Gate, Describe]):
    collection = "gates"
    model = Gate
    missing = GateUnknown

    def decide(self, state: Gate | None, command: Describe, now: datetime) -> Decision[Gate]:
        return rules.decide(state, command, now)

    def document(self, state: Gate) -> Document:
        fields = super().document(state)
        facts = {name: _plain(value) for name, value in fields["facts"].items()}
        return fields | {"facts": facts}

    async def of_edition(self, edition_id: UUID) -> list[Gate]:
        rows = self.documents.find({"edition_id": edition_id}).sort("_id", 1)
        return [self.state(row) for row in await rows.to_list(None)]


class Occupancy(NamedTuple):
    """People, not registrations: whoever brings two counts as three."""

    inside: int
    admitted: int


class Entries:
    """The scans of each ticket: one document each, which two gates at one instant both write."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("entries")

    async def read(self, tx: Tx, registrations: Iterable[UUID]) -> dict[UUID, list[Scan]]:
        rows = self._documents.find({"_id": {"$in": list(registrations)}}, session=tx.session)
        return {row["_id"]: _scans(row) for row in await rows.to_list(None)}

    async def of(self, registration_id: UUID) -> list[Scan]:
        found = await self._documents.find_one({"_id": registration_id})
        return _scans(found) if found else []

    def write(
        self, tx: Tx, registration: Registration, judged: Sequence[Judged], inside: bool
    ) -> None:
        entry = {
            "session_id": registration.session_id,
            "size": registration.size,
            "inside": inside,
            "admitted": any(one.answer is Answer.ADMITTED for one in judged),
            "conflict": any(one.conflict for one in judged),
            "scans": [_document(one.scan) for one in judged],
        }
        change = UpdateOne({"_id": registration.id}, {"$set": entry}, upsert=True)
        tx.later(self._documents, change)

    async def occupancy(self, session_id: UUID) -> Occupancy:
        people = {"$cond": ["$inside", "$size", 0]}
        came = {"$cond": ["$admitted", "$size", 0]}
        group = {"_id": None, "inside": {"$sum": people}, "admitted": {"$sum": came}}
        of_session = {"$match": {"session_id": session_id}}
        found = await self._documents.aggregate([of_session, {"$group": group}]).to_list(None)
        return Occupancy(found[0]["inside"], found[0]["admitted"]) if found else Occupancy(0, 0)

    async def conflicts(self, session_id: UUID) -> dict[UUID, list[Scan]]:
        """The scans of every ticket with a conflict, by registration."""
        rows = self._documents.find({"session_id": session_id, "conflict": True}).sort("_id", 1)
        return {row["_id"]: _scans(row) for row in await rows.to_list(500)}

    async def inside(self, registrations: Iterable[UUID]) -> set[UUID]:
        rows = self._documents.find({"_id": {"$in": list(registrations)}, "inside": True})
        return {row["_id"] for row in await rows.to_list(None)}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _document(scan: Scan) -> Document:
    return {
        "nonce": scan.nonce,
        "at": scan.at,
        "turn": scan.turn,
        "gate": scan.gate_id,
        "device": scan.device,
        "way": scan.way.value,
        "told": scan.told and scan.told.value,
        "barred": scan.barred and scan.barred.value,
        "re_entry": scan.re_entry.value,
    }


def _scans(entry: Document) -> list[Scan]:
    return [_scan(row) for row in entry["scans"]]


def _scan(row: Document) -> Scan:
    return Scan(
        nonce=row["nonce"],
        at=row["at"],
        turn=row["turn"],
        gate_id=row["gate"],
        device=row["device"],
        way=Way(row["way"]),
        told=Answer(row["told"]) if row["told"] else None,
        barred=Answer(row["barred"]) if row["barred"] else None,
        re_entry=ReEntry(row["re_entry"]),
    )
