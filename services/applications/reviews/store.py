"""The jurors' scores."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from services.applications.reviews import rules
from services.applications.reviews.rules import GiveScores, Review, ScoreFinal
from shared.mongo import ASCENDING, Index, Tx
from shared.repositories import Repository

INDEXES = [
    Index(
        "reviews",
        [("call_id", ASCENDING), ("code", ASCENDING), ("juror_id", ASCENDING)],
        unique=True,
    )
]


class Reviews(Repository[Review, GiveScores]):
    collection = "reviews"
    model = Review
    decide = staticmethod(rules.decide)
    duplicate_errors: ClassVar = {"call_id": ScoreFinal}

    async def of_call(self, call_id: UUID, tx: Tx | None = None) -> Sequence[Review]:
        rows = self.documents.find({"call_id": call_id}, session=tx and tx.session)
        return [self.state(row) async for row in rows]
