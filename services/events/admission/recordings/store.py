from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from services.events.admission.recordings import rules
from services.events.admission.recordings.consent import ConsentFormVersion, Person
from services.events.admission.recordings.errors import EpisodeTaken, RecordingUnknown
from services.events.admission.recordings.rules import Command, Recording
from services.events.booking.registrations.state import Registration
from shared.aggregates import Decision, Repository
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index, Mongo, ReplaceOne, Tx

INDEXES = [
    Index(
        "recordings",
        [("facts.season", ASCENDING), ("facts.round", ASCENDING), ("facts.episode", ASCENDING)],
        unique=True,
    ),
    Index("release_forms", [("session_id", ASCENDING), ("_id", ASCENDING)]),
]


class Recordings(Repository[Recording, Command]):
    collection = "recordings"
    model = Recording
    missing = RecordingUnknown
    taken: ClassVar = {"facts.season": EpisodeTaken}

    def decide(
        self, state: Recording | None, command: Command, now: datetime
    ) -> Decision[Recording]:
        return rules.decide(state, command, now)

    async def of_season(self, season: str) -> list[Recording]:
        """By round and episode; at most 500."""
        order = [("facts.round", 1), ("facts.episode", 1)]
        rows = await self.documents.find({"facts.season": season}).sort(order).to_list(500)
        return [self.state(row) for row in rows]

    async def forms(
        self, sessions: Iterable[UUID], tx: Tx | None = None
    ) -> dict[UUID, list[ConsentFormVersion]]:
        """Which versions of a form there are, by session, without their words."""
        words = {"forms.text": 0}
        query = {"_id": {"$in": list(sessions)}}
        rows = self.documents.find(query, words, session=tx and tx.session)
        return {
            row["_id"]: [
                ConsentFormVersion(f["version"], f["at"], f["again"]) for f in row["forms"]
            ]
            for row in await rows.to_list(None)
        }


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
        self._documents = mongo.collection("release_forms")

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
