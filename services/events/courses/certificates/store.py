from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.courses.certificates import rules
from services.events.courses.certificates.certificate_number import number, well_typed
from services.events.courses.certificates.errors import CertificateUnknown
from services.events.courses.certificates.rules import Certificate, Command
from shared.clock import local
from shared.mongo import ASCENDING, Document, Index, Mongo, ReturnDocument, Tx
from shared.outbox.store import Outbox
from shared.repositories import Repository

INDEXES = [
    Index("certificates", [("number", ASCENDING)], unique=True),
    Index("certificates", [("registration_id", ASCENDING)], unique=True),  # once each
    Index("certificates", [("person_id", ASCENDING), ("_id", ASCENDING)]),
    Index("certificates", [("completion.course_id", ASCENDING), ("number", ASCENDING)]),
]


class Certificates(Repository[Certificate, Command]):
    collection = "certificates"
    model = Certificate
    decide = staticmethod(rules.decide)
    not_found_error = CertificateUnknown

    def __init__(self, mongo: Mongo, outbox: Outbox) -> None:
        super().__init__(mongo, outbox)
        self._counters = mongo.collection("certificate_numbers")

    async def change(self, key: UUID, command: Command, now: datetime) -> Certificate:
        """One command, its answer kept under no Idempotency-Key: it may hold a name."""
        return await self.mongo.transaction(lambda tx: self.perform(tx, key, command, now))

    async def draw_numbers(self, tx: Tx, count: int, now: datetime) -> list[str]:
        """The next numbers of this year (Hanoi's). Two who draw at once take turns."""
        year = local(now).year
        row: Document = await self._counters.find_one_and_update(
            {"_id": year},
            {"$inc": {"last": count}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=tx.session,
        )
        last: int = row["last"]
        return [number(year, n) for n in range(last - count + 1, last + 1)]

    async def numbered(self, text: str) -> Certificate:
        """Raises `CertificateUnknown`."""
        found = None
        if well_typed(text.upper()):
            found = await self.documents.find_one({"number": text.upper()})
        if found is None:
            raise CertificateUnknown
        return self.state(found)

    async def of_registrations(
        self, registrations: Iterable[UUID], tx: Tx | None = None
    ) -> list[Certificate]:
        query = {"registration_id": {"$in": list(registrations)}}
        rows = self.documents.find(query, session=tx and tx.session).sort("number", 1)
        return [self.state(row) for row in await rows.to_list(None)]

    async def of_course(self, course_id: UUID) -> list[Certificate]:
        rows = self.documents.find({"completion.course_id": course_id}).sort("number", 1)
        return [self.state(row) for row in await rows.to_list(None)]

    async def of_person(self, person_id: UUID) -> list[Certificate]:
        """The latest first; at most 500."""
        rows = self.documents.find({"person_id": person_id}).sort("_id", -1)
        return [self.state(row) for row in await rows.to_list(500)]
