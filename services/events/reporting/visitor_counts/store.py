"""Claims and their withdrawals. Records are added, and never changed or deleted."""

from datetime import datetime
from uuid import UUID

from services.events.reporting.visitor_counts.rules import (
    AlreadyWithdrawn,
    VisitorCount,
    VisitorCountFacts,
    VisitorCountUnknown,
    Withdrawal,
)
from shared.audit import Audit
from shared.http.paging import PageRequest, read_page
from shared.ids import new_id
from shared.mongo import ASCENDING, Document, Index, Mongo, MongoError, Tx, duplicated_key

INDEXES = [
    Index("visitor_counts", [("edition_id", ASCENDING), ("_id", ASCENDING)]),
    Index("count_withdrawals", [("claim_id", ASCENDING)], unique=True),
]
MAX_CLAIMS = 10_000  # of one edition, in a summary


class VisitorCounts:
    def __init__(self, mongo: Mongo, audit: Audit) -> None:
        self._audit = audit
        self._claims = mongo.collection("visitor_counts")
        self._withdrawals = mongo.collection("count_withdrawals")

    async def record(self, tx: Tx, claim: VisitorCount) -> None:
        row = {
            "_id": claim.id,
            "edition_id": claim.edition_id,
            "facts": claim.facts.model_dump(),
            "recorded_by": claim.recorded_by,
            "recorded_at": claim.recorded_at,
        }
        await self._claims.insert_one(row, session=tx.session)
        self._audit.record(tx, "count.record", "count", claim.id, claim.recorded_at)

    async def withdraw(
        self, tx: Tx, key: UUID, reason: str, by: UUID, now: datetime
    ) -> VisitorCount:
        """Raises `VisitorCountUnknown`, `AlreadyWithdrawn`."""
        row = await self._claims.find_one({"_id": key}, session=tx.session)
        if row is None:
            raise VisitorCountUnknown
        withdrawal = Withdrawal(reason=reason, by=by, at=now)
        record = {"_id": new_id(), "claim_id": key, **withdrawal.model_dump()}
        try:
            await self._withdrawals.insert_one(record, session=tx.session)
        except MongoError as error:
            if duplicated_key(error) is None:
                raise
            raise AlreadyWithdrawn from error
        self._audit.record(tx, "count.withdraw", "count", key, now, reason=reason)
        return _claim(row, withdrawal)

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[VisitorCount], str | None]:
        """All claims in the order in which they were recorded, withdrawn ones too."""
        rows, following = await read_page(
            self._claims, {"edition_id": edition_id}, [("_id", 1)], page
        )
        return await self._with_withdrawals(rows), following

    async def whole(self, edition_id: UUID) -> list[VisitorCount]:
        """All claims of an edition at once, withdrawn ones too; at most `MAX_CLAIMS`."""
        rows = await self._claims.find({"edition_id": edition_id}).limit(MAX_CLAIMS).to_list(None)
        return await self._with_withdrawals(rows)

    async def _with_withdrawals(self, rows: list[Document]) -> list[VisitorCount]:
        withdrawals = {"claim_id": {"$in": [row["_id"] for row in rows]}}
        withdrawn = {
            row["claim_id"]: Withdrawal.model_validate(row)
            for row in await self._withdrawals.find(withdrawals).to_list(None)
        }
        return [_claim(row, withdrawn.get(row["_id"])) for row in rows]


def _claim(row: Document, withdrawn: Withdrawal | None) -> VisitorCount:
    return VisitorCount(
        id=row["_id"],
        edition_id=row["edition_id"],
        facts=VisitorCountFacts.model_validate(row["facts"]),
        recorded_by=row["recorded_by"],
        recorded_at=row["recorded_at"],
        withdrawn=withdrawn,
    )
