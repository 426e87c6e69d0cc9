"""The collections `certificates` and `certificate_numbers` (the last number of each year)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.events.courses.certificates import rules
from services.events.courses.certificates.certificate_number import (
    certificate_number,
    is_well_formed,
)
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
        """Execute one command. Its answer may have a name: no Idempotency-Key stores it."""
        return await self.mongo.transaction(lambda tx: self.perform(tx, key, command, now))

    async def next_numbers(self, tx: Tx, count: int, now: datetime) -> list[str]:
        """The next numbers of this year in Hanoi. Two transactions never get the same number."""
        year = local(now).year
        row: Document = await self._counters.find_one_and_update(
            {"_id": year},
            {"$inc": {"last": count}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=tx.session,
        )
        last: int = row["last"]
        return [certificate_number(year, n) for n in range(last - count + 1, last + 1)]

    async def by_number(self, text: str) -> Certificate:
        """Raises `CertificateUnknown`."""
        found = None
        if is_well_formed(text.upper()):
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
