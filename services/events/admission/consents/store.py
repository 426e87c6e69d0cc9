"""The signed consents of each registration: who agreed to be filmed, and to which text."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.events.admission.recordings.consent import Person, Signed
from services.events.booking.registrations.state import Registration
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index, Mongo, ReplaceOne, Tx

INDEXES = [Index("consents", [("session_id", ASCENDING), ("_id", ASCENDING)])]


class Signature(BaseModel):
    """Who agreed to which text, and when. Only organisers and the holder read the names."""

    version: int
    sha256: str
    people: tuple[Person, ...]
    at: datetime
    withdrawn_at: datetime | None = None


class SignedConsent(BaseModel):
    """All that was signed for one registration, in order; its id is the registration's."""

    id: UUID
    session_id: UUID
    signatures: tuple[Signature, ...] = ()

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
