"""The collections `payments` and `bank_lines`.

A bank line becomes at most one payment. Payments never change. A bank line changes at most once:
when staff say which registration it pays for.
"""

from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from services.events.payments.fees.errors import BankLineUnknown
from services.events.payments.fees.state import BankLine, Payment
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, InsertOne, Mongo, Tx, UpdateOne

INDEXES = [
    # A bank line is one payment, however often and by whomever it is uploaded.
    Index("payments", [("line", ASCENDING)], unique=True, only_where={"line": {"$type": "string"}}),
    Index("payments", [("edition_id", ASCENDING), ("_id", ASCENDING)]),
    Index("payments", [("person_id", ASCENDING), ("_id", ASCENDING)]),
    Index("payments", [("registration_id", ASCENDING), ("_id", ASCENDING)]),
    Index(
        "bank_lines",
        [("paid_at", ASCENDING), ("_id", ASCENDING)],
        only_where={"unmatched": True},
    ),
]


class Payments:
    def __init__(self, mongo: Mongo) -> None:
        self._payments = mongo.collection("payments")
        self._lines = mongo.collection("bank_lines")

    def write(self, tx: Tx, payment: Payment) -> None:
        fields = asdict(payment)
        tx.at_commit(self._payments, InsertOne({"_id": fields.pop("id"), **fields}))

    def write_line(self, tx: Tx, line: BankLine) -> None:
        fields = asdict(line)
        document = {"_id": fields.pop("key"), **fields, "unmatched": line.registration_id is None}
        tx.at_commit(self._lines, InsertOne(document))

    def match(self, tx: Tx, line: BankLine, registration_id: UUID) -> None:
        found = {"registration_id": registration_id, "unmatched": False}
        tx.at_commit(self._lines, UpdateOne({"_id": line.key}, {"$set": found}))

    async def lines(self, tx: Tx, keys: Iterable[str]) -> dict[str, BankLine]:
        rows = self._lines.find({"_id": {"$in": list(keys)}}, session=tx.session)
        return {row["_id"]: _line(row) for row in await rows.to_list(None)}

    async def line(self, tx: Tx, key: str) -> BankLine:
        """Raises `BankLineUnknown`."""
        found = (await self.lines(tx, [key])).get(key)
        if found is None:
            raise BankLineUnknown
        return found

    async def unmatched(self, page: PageRequest) -> tuple[list[BankLine], str | None]:
        """Transfers whose registration is unknown, the oldest first."""
        by_time = [("paid_at", 1), ("_id", 1)]
        found, following = await read_page(self._lines, {"unmatched": True}, by_time, page)
        return [_line(row) for row in found], following

    async def of_edition(
        self, edition_id: UUID, page: PageRequest
    ) -> tuple[list[Payment], str | None]:
        return await self._page({"edition_id": edition_id}, page)

    async def of_person(
        self, person_id: UUID, page: PageRequest
    ) -> tuple[list[Payment], str | None]:
        return await self._page({"person_id": person_id}, page)

    async def _page(self, query: Document, page: PageRequest) -> tuple[list[Payment], str | None]:
        """The latest first."""
        found, following = await read_page(self._payments, query, [("_id", -1)], page)
        return [_payment(row) for row in found], following


def _payment(row: Document) -> Payment:
    return Payment(id=row.pop("_id"), **row)


def _line(row: Document) -> BankLine:
    row.pop("unmatched")
    return BankLine(key=row.pop("_id"), **row)
