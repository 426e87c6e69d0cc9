"""The signed consents of each registration: who agreed to be filmed, and to which text."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from services.events.admission.recordings.consent import Person, Signed
from services.events.booking.registrations.state import Registration
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index, Mongo, ReplaceOne, Tx
from shared.schema import Schema, example

INDEXES = [Index("consents", [("session_id", ASCENDING), ("_id", ASCENDING)])]


class Signature(Schema):
    """Who agreed to which words, and when. Names are for organisers and the holder alone."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "version": 1,
                "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "people": [{"name": "Nguyễn Thị Lan", "adult": True, "consents": True}],
                "at": "2026-10-05T08:12:00Z",
                "withdrawn_at": None,
            }
        )
    )

    version: int
    """The version of the words."""
    sha256: str
    """The hash of the words, hexadecimal."""
    people: tuple[Person, ...]
    """Who agreed."""
    at: datetime
    """When: RFC 3339, in UTC."""
    withdrawn_at: datetime | None = None
    """When it was withdrawn: RFC 3339, in UTC; null if it was not."""


class SignedConsent(Schema):
    """All that was signed for one registration."""

    id: UUID
    """The registration's id."""
    session_id: UUID
    """The session that is recorded."""
    signatures: tuple[Signature, ...] = ()
    """All that was signed, in order of time; the last one counts."""

    @property
    def without_names(self) -> list[Signed]:
        return [
            Signed(one.version, len(one.people), one.at, one.withdrawn_at)
            for one in self.signatures
        ]


class Consents:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("consents")

    async def of(self, registration: Registration, tx: Tx | None = None) -> SignedConsent:
        """What was signed for a registration; without signatures if nothing was."""
        key = registration.id
        found = await self._documents.find_one({"_id": key}, session=tx and tx.session)
        return SignedConsent.model_validate(
            {"id": key, "session_id": registration.bookable_id, **(found or {})}
        )

    async def of_session(
        self, session_id: UUID, page: PageRequest
    ) -> tuple[list[SignedConsent], str | None]:
        """A page of what was signed for one session, and the cursor of the next page."""
        query = {"session_id": session_id}
        found, following = await read_page(self._documents, query, [("_id", 1)], page)
        return [SignedConsent.model_validate({"id": row["_id"], **row}) for row in found], following

    def write(self, tx: Tx, consent: SignedConsent) -> None:
        row = consent.model_dump(exclude={"id"})
        change = ReplaceOne({"_id": consent.id}, {"_id": consent.id, **row}, upsert=True)
        tx.at_commit(self._documents, change)
