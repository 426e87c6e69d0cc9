"""The recordings of television episodes, with the versions of their consent forms."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from services.events.admission.recordings import rules
from services.events.admission.recordings.consent import ConsentFormVersion
from services.events.admission.recordings.errors import EpisodeTaken, RecordingUnknown
from services.events.admission.recordings.rules import Command, Recording
from shared.mongo import ASCENDING, Index, Tx
from shared.repositories import Repository

INDEXES = [
    Index(
        "recordings",
        [("facts.season", ASCENDING), ("facts.round", ASCENDING), ("facts.episode", ASCENDING)],
        unique=True,
    ),
]


class Recordings(Repository[Recording, Command]):
    collection = "recordings"
    model = Recording
    decide = staticmethod(rules.decide)
    not_found_error = RecordingUnknown
    duplicate_errors: ClassVar = {"facts.season": EpisodeTaken}

    async def of_season(self, season: str) -> list[Recording]:
        """By round and episode; at most 500."""
        order = [("facts.round", 1), ("facts.episode", 1)]
        rows = await self.documents.find({"facts.season": season}).sort(order).to_list(500)
        return [self.state(row) for row in rows]

    async def forms(
        self, sessions: Iterable[UUID], tx: Tx | None = None
    ) -> dict[UUID, list[ConsentFormVersion]]:
        """The versions of each session's consent form, without their texts."""
        without_texts = {"forms.text": 0}
        query = {"_id": {"$in": list(sessions)}}
        rows = self.documents.find(query, without_texts, session=tx and tx.session)
        return {
            row["_id"]: [
                ConsentFormVersion(one["version"], one["at"], one["again"]) for one in row["forms"]
            ]
            for row in await rows.to_list(None)
        }
