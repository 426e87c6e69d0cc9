"""The collection `attendance`: what staff recorded from signed sheets."""

from collections.abc import Iterable
from uuid import UUID

from services.events.admission.scans.store import ticket_scans_id
from services.events.booking.registrations.state import Registration
from services.events.courses.attendance.rules import AttendanceMark
from shared.mongo import ASCENDING, Index, Mongo, Tx, UpdateOne

INDEXES = [Index("attendance", [("registration_id", ASCENDING)])]


class AttendanceSheets:
    """One document for each registration and session."""

    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("attendance")

    def record(
        self, tx: Tx, registration: Registration, session_id: UUID, mark: AttendanceMark
    ) -> None:
        change = {
            "$setOnInsert": {"registration_id": registration.id, "session_id": session_id},
            "$push": {"marks": mark._asdict()},
        }
        key = ticket_scans_id(registration, session_id)
        tx.at_commit(self._documents, UpdateOne({"_id": key}, change, upsert=True))

    async def marks(
        self, registrations: Iterable[UUID], tx: Tx | None = None
    ) -> dict[tuple[UUID, UUID], tuple[AttendanceMark, ...]]:
        """By (registration, session); the latest last."""
        query = {"registration_id": {"$in": list(registrations)}}
        rows = await self._documents.find(query, session=tx and tx.session).to_list(None)
        return {
            (row["registration_id"], row["session_id"]): tuple(
                AttendanceMark(**one) for one in row["marks"]
            )
            for row in rows
        }
