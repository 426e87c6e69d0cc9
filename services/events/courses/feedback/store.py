"""The collections `feedback_given` (who has answered) and `feedback` (what was answered).

No document has both. `about` is the id of a session or course.
"""

from uuid import UUID

from services.events.courses.feedback.rules import FeedbackAnswer, FeedbackAnswers
from shared.mongo import Document, Mongo, Tx


class Feedback:
    def __init__(self, mongo: Mongo) -> None:
        self._given = mongo.collection("feedback_given")
        self._answers = mongo.collection("feedback")

    async def mark_given(self, tx: Tx, about: UUID, person_id: UUID) -> None:
        """Raises a duplicate key if this person has answered before."""
        await self._given.insert_one(_given(about, person_id), session=tx.session)

    async def is_given(self, about: UUID, person_id: UUID) -> bool:
        return await self._given.find_one(_given(about, person_id)) is not None

    async def answers(self, about: UUID, tx: Tx | None = None) -> FeedbackAnswers:
        found = await self._answers.find_one({"_id": about}, session=tx and tx.session)
        if found is None:
            return FeedbackAnswers()
        waiting, shown = [
            tuple(FeedbackAnswer.model_validate(one) for one in found[name])
            for name in FeedbackAnswers._fields
        ]
        return FeedbackAnswers(waiting, shown)

    async def replace(self, tx: Tx, about: UUID, answers: FeedbackAnswers) -> None:
        fields = answers._asdict().items()
        row = {name: [one.model_dump() for one in part] for name, part in fields}
        await self._answers.replace_one({"_id": about}, row, upsert=True, session=tx.session)


def _given(about: UUID, person_id: UUID) -> Document:
    return {"_id": {"about": about, "person": person_id}}
