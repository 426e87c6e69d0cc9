"""What was signed for each registration: who agreed to be seen, to which words."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.events.admission.recordings.consent import Person
from services.events.booking.registrations.state import Registration
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index, Mongo, ReplaceOne, Tx

INDEXES = [Index("consents", [("session_id", ASCENDING), ("_id", ASCENDING)])]


class Signature(BaseModel):
    """Who agreed to which words, and when. Names are for organisers and the holder alone."""

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


class Consents:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("consents")

    async def of(self, registration: Registration, tx: Tx | None = None) -> SignedConsent:
        """Without signatures if there are none."""
        key = registration.id
        found = await self._documents.find_one({"_id": key}, session=tx and tx.session)
        return SignedConsent.model_validate(
            {"id": key, "session_id": registration.session_id, **(found or {})}
        )

    async def of_session(
        self, session_id: UUID, page: PageRequest
    ) -> tuple[list[SignedConsent], str | None]:
        query = {"session_id": session_id}
        found, following = await read_page(self._documents, query, [("_id", 1)], page)
        return [SignedConsent.model_validate({"id": row["_id"], **row}) for row in found], following

    def write(self, tx: Tx, release: SignedConsent) -> None:
        row = release.model_dump(exclude={"id"})
        change = ReplaceOne({"_id": release.id}, {"_id": release.id, **row}, upsert=True)
        tx.at_commit(self._documents, change)
