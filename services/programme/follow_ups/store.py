"""Follow-ups: what a forum has asked somebody to do. A projection of outcomes of the events
service.

A follow-up also holds the work item that an officer has made of it.
"""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict

from shared.clock import Day
from shared.contracts.events import OutcomeRecorded
from shared.errors import Conflict, NotFound
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index, Mongo, Tx
from shared.projections import project
from shared.schema import Schema, example
from shared.text import Localized, LocalizedProse

INDEXES = [Index("follow_ups", [("active", ASCENDING), ("sort_on", ASCENDING), ("_id", ASCENDING)])]


class FollowUpUnknown(NotFound):
    code = "follow_up.unknown"
    vi = "Không tìm thấy việc cần theo dõi này."
    en = "There is no such follow-up."


class FollowUpAdopted(Conflict):
    code = "follow_up.adopted"
    vi = "Việc này đã được đưa vào đầu việc."
    en = "This follow-up is a work item already."


class FollowUp(Schema):
    """What a session of a forum asked somebody to do."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "session_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "edition_id": "0199f3a2-9f02-7d41-8c6a-52e8b7a90d36",
                "title": {"vi": "Lập bản đồ làng nghề", "en": "Map the craft villages"},
                "text": {"vi": "Sở Văn hoá lập bản đồ số các làng nghề còn hoạt động.", "en": ""},
                "responsible": "so-van-hoa-the-thao",
                "due_on": "2027-03-31",
                "work_item_id": None,
            }
        )
    )

    id: UUID
    """The id of the outcome that it is, in the events service."""
    session_id: UUID
    """The session that asked for it."""
    edition_id: UUID
    """The festival edition of that session."""
    title: Localized
    """What is to be done."""
    text: LocalizedProse
    """What was agreed, in full."""
    responsible: str | None
    """The slug of the agency that is to do it."""
    due_on: Day | None
    """Until when, if the forum said so."""
    work_item_id: UUID | None = None
    """The work item that an officer made of it."""


class FollowUps:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("follow_ups")

    async def learn(self, tx: Tx, outcome: OutcomeRecorded, sequence: int) -> None:
        """Store any outcome, since a correction may turn it into a follow-up, or the reverse."""
        fields = outcome.model_dump(exclude={"type", "outcome_id"})
        fields["sort_on"] = outcome.due_on or "9999"
        fields["active"] = outcome.kind == "follow_up" and not outcome.withdrawn
        await project(tx, self._documents, outcome.outcome_id, fields, sequence)

    async def browse(
        self, page: PageRequest, *, adopted: bool | None
    ) -> tuple[list[FollowUp], str | None]:
        """By due date, those without one last."""
        query: dict[str, Any] = {"active": True}
        if adopted is not None:
            query["work_item_id"] = {"$exists": adopted}
        by_date = [("sort_on", 1), ("_id", 1)]
        found, following = await read_page(self._documents, query, by_date, page)
        return [_follow_up(row) for row in found], following

    async def adopt(self, tx: Tx, key: UUID, work_item_id: UUID) -> FollowUp:
        """Record the work item that is made of it. Raises `FollowUpUnknown`, `FollowUpAdopted`.

        Two officers at once write the same document, so one of them is second and is refused.
        """
        found = await self._documents.find_one({"_id": key, "active": True}, session=tx.session)
        if found is None:
            raise FollowUpUnknown
        if "work_item_id" in found:
            raise FollowUpAdopted
        noted = {"$set": {"work_item_id": work_item_id}}
        await self._documents.update_one({"_id": key}, noted, session=tx.session)
        return _follow_up(found)


def _follow_up(row: dict[str, Any]) -> FollowUp:
    return FollowUp.model_validate({"id": row["_id"], **row})
