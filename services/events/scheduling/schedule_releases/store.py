"""Numbered releases, what each changed, and whom each notifies.

Collections `releases`, `release_numbers` (the last number of each edition), `schedule_changes` (one
document for each session that a release changed) and `change_notices`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.events.scheduling.schedule_releases.rules import (
    ChangeKind,
    ReleaseRequest,
    ScheduleEntry,
    SessionChange,
    counts,
)
from shared.cause import current_cause
from shared.errors import NotFound
from shared.fan_out import Recipients
from shared.ids import new_id
from shared.mongo import ASCENDING, Document, Index, InsertOne, Mongo, Tx, UpdateOne
from shared.text import Localized


class ChangeNotices(Recipients):
    """Collection `change_notices`: whom a release (`work_id`) notifies, and of what.

    `roles`: the person's role in each session they are notified of, by its id.
    """

    collection = "change_notices"


INDEXES = [
    Index("releases", [("edition_id", ASCENDING), ("number", ASCENDING)], unique=True),
    Index("releases", [("notified_at", ASCENDING)], only_where={"notified_at": None}),
    Index("schedule_changes", [("edition_id", ASCENDING), ("number", ASCENDING)]),
    *ChangeNotices.indexes(),
]


class ReleaseUnknown(NotFound):
    code = "release.unknown"
    vi = "Không có bản phát hành này của lịch."
    en = "There is no such release of the schedule."


class Release(BaseModel):
    """A numbered release of an edition's schedule."""

    id: UUID
    edition_id: UUID
    number: int  # of this edition, from 1
    notes: Localized | None
    at: datetime
    by: UUID  # who published it
    counts: dict[ChangeKind, int]
    notified_at: datetime | None  # since when all whom it concerns have been notified
    correlation_id: str  # of the request that published it


class NoticeProgress(NamedTuple):
    """How far the gathering of a release's notices is."""

    sessions: int = 0  # of how many sessions, in their order, all holders are gathered
    after: UUID | None = None  # of the next session: all up to this registration


class Releases:
    def __init__(self, mongo: Mongo) -> None:
        self._releases = mongo.collection("releases")
        self._changes = mongo.collection("schedule_changes")
        self._numbers = mongo.collection("release_numbers")

    async def add(
        self, tx: Tx, edition_id: UUID, changes: Sequence[SessionChange], request: ReleaseRequest
    ) -> Release:
        """Add it under the edition's next number: of two transactions at once, one runs again."""
        counter = await self._numbers.find_one_and_update(
            {"_id": edition_id},
            {"$inc": {"last": 1}},
            upsert=True,
            return_document=True,
            session=tx.session,
        )
        release = Release(
            id=new_id(),
            edition_id=edition_id,
            number=counter["last"],
            notes=request.notes,
            at=request.at,
            by=request.by,
            counts=dict(counts(changes)),
            notified_at=None,
            correlation_id=current_cause().correlation_id,
        )
        fields = release.model_dump() | {"progress": NoticeProgress()._asdict()}
        tx.at_commit(self._releases, InsertOne({"_id": fields.pop("id"), **fields}))
        tx.at_commit(self._changes, *(InsertOne(_row(release, one)) for one in changes))
        return release

    async def all(self, edition_id: UUID) -> list[Release]:
        """An edition's, the latest first; at most 1,000."""
        rows = self._releases.find({"edition_id": edition_id}).sort("number", -1).limit(1_000)
        return [_release(row) for row in await rows.to_list(None)]

    async def last(self, edition_id: UUID) -> int:
        """The number of the latest; 0 before the first."""
        row = await self._numbers.find_one({"_id": edition_id})
        return 0 if row is None else int(row["last"])

    async def get(self, edition_id: UUID, number: int) -> Release:
        """Raises `ReleaseUnknown`."""
        row = await self._releases.find_one({"edition_id": edition_id, "number": number})
        if row is None:
            raise ReleaseUnknown
        return _release(row)

    async def changes(self, edition_id: UUID, since: int, until: int) -> list[SessionChange]:
        """What the releases after `since` up to `until` changed, in their order."""
        query = {"edition_id": edition_id, "number": {"$gt": since, "$lte": until}}
        rows = self._changes.find(query).sort([("number", 1), ("_id", 1)])
        return [_change(row) for row in await rows.to_list(None)]

    async def oldest_unfinished(self) -> Release | None:
        """The oldest release that has not notified everybody."""
        row = await self._releases.find_one({"notified_at": None}, sort=[("_id", 1)])
        return None if row is None else _release(row)

    async def progress(self, tx: Tx, release_id: UUID) -> NoticeProgress | None:
        """How far the gathering of its notices is; None if everybody has been notified."""
        query = {"_id": release_id, "notified_at": None}
        row = await self._releases.find_one(query, session=tx.session)
        return None if row is None else NoticeProgress(**row["progress"])

    def note(self, tx: Tx, release_id: UUID, progress: NoticeProgress) -> None:
        """Two replicas that gather at once write the same document: one runs again."""
        change = {"$set": {"progress": progress._asdict()}}
        tx.at_commit(self._releases, UpdateOne({"_id": release_id}, change))

    def finish(self, tx: Tx, release_id: UUID, now: datetime) -> None:
        """Note that everybody has been notified."""
        change = {"$set": {"notified_at": now}, "$unset": {"progress": 1}}
        tx.at_commit(self._releases, UpdateOne({"_id": release_id}, change))


def _row(release: Release, one: SessionChange) -> Document:
    return {
        "_id": new_id(),
        "edition_id": release.edition_id,
        "number": release.number,
        "session_id": one.session_id,
        "kind": one.kind.value,
        "before": one.before and one.before.model_dump(),
        "after": one.after and one.after.model_dump(),
        "fields": list(one.fields),
    }


def _change(row: Document) -> SessionChange:
    return SessionChange(
        row["session_id"],
        ChangeKind(row["kind"]),
        row["before"] and ScheduleEntry.model_validate(row["before"]),
        row["after"] and ScheduleEntry.model_validate(row["after"]),
        tuple(row["fields"]),
    )


def _release(row: dict[str, Any]) -> Release:
    return Release.model_validate({"id": row["_id"], **row})
