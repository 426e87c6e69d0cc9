from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from services.events.booking.quotas.rules import (
    AccessCode,
    BookableTerms,
    Quota,
    TicketKindTerms,
    kind_quota,
    terms,
)
from services.events.programme.ticket_kinds.rules import (
    PAY_FOR,
    SeatOffer,
    TicketKind,
    TicketKindFacts,
)
from shared.contracts.events import CalledOff
from shared.ids import new_id
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx, UpdateOne

INDEXES = [
    Index("quotas", [("edition_id", ASCENDING)]),
    Index("codes", [("_id.bookable", ASCENDING)]),
    Index("bookable_terms", [("ended", ASCENDING)], only_where={"ended": False}),
]

OPEN: Document = {"kinds": {"$exists": True}}  # it is published: its terms are known
NOBODY_WAITED: Document = {"last_number": 0, "last_asked_at": None}


class QuotaStore:
    """Quotas, access codes, and the terms of published sessions and courses."""

    def __init__(self, mongo: Mongo) -> None:
        self._terms = mongo.collection("bookable_terms")
        self._quotas = mongo.collection("quotas")
        self._codes = mongo.collection("codes")

    async def open(self, tx: Tx, bookable_id: UUID, offer: SeatOffer) -> None:
        """From now on these are the terms. Registrations keep the seats and the price they have."""
        changed = {
            "kind": offer.bookable_kind,
            "opens_at": offer.opens_at,
            "closes_at": offer.closes_at,
            "kinds": {
                facts.kind.value: _kind(terms(bookable_id, facts, offer.starts_at, offer.ends_at))
                for facts in offer.kinds
            },
            "largest": offer.largest,
        }
        await self._terms.update_one(
            {"_id": bookable_id},
            {"$set": changed, "$setOnInsert": NOBODY_WAITED},
            upsert=True,
            session=tx.session,
        )

    async def cancel(self, tx: Tx, bookable_id: UUID, why: CalledOff) -> None:
        """Nobody can register any more, and what is registered is to be ended."""
        cancelled = {"cancelled": why.model_dump(), "ended": False}
        await self._terms.update_one({"_id": bookable_id}, {"$set": cancelled}, session=tx.session)

    async def to_end(self) -> list[UUID]:
        """Cancelled sessions and courses in which somebody may still be registered."""
        rows = await self._terms.find({"ended": False}, {"_id": 1}).to_list(100)
        return [row["_id"] for row in rows]

    async def ended(self, bookable_id: UUID) -> None:
        """Nobody is registered there any more."""
        await self._terms.update_one({"_id": bookable_id}, {"$unset": {"ended": 1}})

    async def set_asks(self, tx: Tx, bookable_id: UUID, *, asks: bool) -> None:
        """Whether something has to be answered; also for a session that is not published yet."""
        change = {"$set": {"asks": asks}, "$setOnInsert": NOBODY_WAITED}
        await self._terms.update_one({"_id": bookable_id}, change, upsert=True, session=tx.session)

    async def terms(self, bookable_id: UUID) -> BookableTerms | None:
        """None for what is not published."""
        found = await self._terms.find_one({"_id": bookable_id, **OPEN})
        return None if found is None else _bookable(found)

    async def quota(self, quota_id: UUID) -> Quota | None:
        found = await self._quotas.find_one({"_id": quota_id})
        return None if found is None else _quota(found)

    async def quotas(self, keys: Iterable[UUID]) -> list[Quota]:
        rows = self._quotas.find({"_id": {"$in": list(keys)}})
        return [_quota(row) for row in await rows.to_list(None)]

    async def read_terms(self, tx: Tx, keys: Iterable[UUID]) -> dict[UUID, BookableTerms]:
        rows = self._terms.find({"_id": {"$in": list(keys)}, **OPEN}, session=tx.session)
        return {row["_id"]: _bookable(row) for row in await rows.to_list(None)}

    async def read_quotas(self, tx: Tx, keys: Iterable[UUID]) -> dict[UUID, Quota]:
        rows = self._quotas.find({"_id": {"$in": list(keys)}}, session=tx.session)
        return {row["_id"]: _quota(row) for row in await rows.to_list(None)}

    async def read_codes(
        self, tx: Tx, codes: Iterable[tuple[UUID, str]]
    ) -> dict[tuple[UUID, str], AccessCode]:
        """By (session or course, code)."""
        wanted = [_code_id(bookable_id, code) for bookable_id, code in codes]
        rows = self._codes.find({"_id": {"$in": wanted}}, session=tx.session)
        return {
            (row["_id"]["bookable"], row["_id"]["code"]): AccessCode(
                TicketKind(row["kind"]), row["quota"]
            )
            for row in await rows.to_list(None)
        }

    async def add_code(
        self, tx: Tx, bookable_id: UUID, code: str, kind: TicketKind, uses: int
    ) -> None:
        """Raises the driver's duplicate-key error if it has that code already."""
        quota = Quota(new_id(), uses)
        await self._codes.insert_one(
            {"_id": _code_id(bookable_id, code), "kind": kind.value, "quota": quota.id},
            session=tx.session,
        )
        self.write_quota(tx, quota)

    async def name_quota(self, tx: Tx, quota_id: UUID, edition_id: UUID, name: str) -> None:
        named = {"_id": quota_id, "edition_id": edition_id, "name": name}
        await self._quotas.insert_one(named, session=tx.session)

    async def of_edition(self, edition_id: UUID) -> list[tuple[str, Quota]]:
        """The quotas that sessions of this edition may share, with their names."""
        rows = await self._quotas.find({"edition_id": edition_id}).sort("_id", 1).to_list(None)
        return [(row["name"], _quota(row)) for row in rows]

    async def codes_of(self, bookable_id: UUID) -> list[tuple[str, TicketKind, Quota]]:
        """Its access codes, what each is good for, and how often it was used."""
        found = self._codes.find({"_id.bookable": bookable_id}).sort("_id.code", 1)
        rows = await found.to_list(None)
        by_id = {quota.id: quota for quota in await self.quotas(row["quota"] for row in rows)}
        return [(row["_id"]["code"], TicketKind(row["kind"]), by_id[row["quota"]]) for row in rows]

    async def claim(self, tx: Tx, keys: Iterable[UUID]) -> None:
        """Write these quotas before the transaction reads anything: from here on the others have to
        run again.

        A rush writes a quota without a pause. A transaction that reads it first and writes it some
        time later always finds that another was faster, until nobody registers any more.
        """
        touched = {"$inc": {"claims": 1}}
        await self._quotas.update_many({"_id": {"$in": list(keys)}}, touched, session=tx.session)

    def write_terms(self, tx: Tx, terms: BookableTerms) -> None:
        """The end of the waiting list; nothing else of them changes by a registration."""
        last = {"last_number": terms.last_number, "last_asked_at": terms.last_asked_at}
        tx.at_commit(self._terms, UpdateOne({"_id": terms.bookable_id}, {"$set": last}))

    def write_quota(self, tx: Tx, quota: Quota) -> None:
        """Every decision that looks at a quota and changes something writes it.

        So two replicas take turns. One that puts somebody on the waiting list, because it saw the
        quota full, and one that frees a seat, because it saw nobody waiting, cannot both commit.
        """
        counts = {"capacity": quota.capacity, "taken": quota.taken, "waiting": quota.waiting}
        # Where one comes and one goes the counts stay, and a write that changes nothing conflicts
        # with none: `turns` makes it one that does.
        change = {"$set": counts, "$inc": {"turns": 1}}
        tx.at_commit(self._quotas, UpdateOne({"_id": quota.id}, change, upsert=True))


def own_quotas(
    bookable_id: UUID, capacity: int, kinds: Sequence[TicketKindFacts]
) -> dict[UUID, int]:
    """The quotas that belong to one session or course alone, and how many seats each has."""
    limited = {
        kind_quota(bookable_id, facts.kind): facts.capacity
        for facts in kinds
        if facts.capacity is not None
    }
    return {bookable_id: capacity, **limited}


def _code_id(bookable_id: UUID, code: str) -> Document:
    return {"bookable": bookable_id, "code": code}


def _quota(row: Document) -> Quota:
    return Quota(row["_id"], row["capacity"], row["taken"], row["waiting"])


def _kind(one: TicketKindTerms) -> Document:
    seconds = None if one.offer_for is None else int(one.offer_for.total_seconds())
    return {
        "quotas": list(one.quotas),
        "code_only": one.code_only,
        "approval": one.approval,
        "offer_seconds": seconds,
        "fee": one.fee,
        "pay_seconds": int(one.pay_for.total_seconds()),
        "pay_by": one.pay_by,
        "over_at": one.over_at,
    }


def _terms(row: Document) -> TicketKindTerms:
    seconds, pay_seconds = row["offer_seconds"], row.get("pay_seconds")
    return TicketKindTerms(
        quotas=tuple(row["quotas"]),
        code_only=row["code_only"],
        approval=row["approval"],
        offer_for=None if seconds is None else timedelta(seconds=seconds),
        fee=row.get("fee", 0),
        pay_for=PAY_FOR if pay_seconds is None else timedelta(seconds=pay_seconds),
        pay_by=row.get("pay_by"),
        over_at=row.get("over_at"),
    )


def _bookable(row: Document) -> BookableTerms:
    return BookableTerms(
        bookable_id=row["_id"],
        bookable_kind=row["kind"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        kinds={TicketKind(name): _terms(kind) for name, kind in row["kinds"].items()},
        asks=row.get("asks", False),
        last_number=row["last_number"],
        last_asked_at=row["last_asked_at"],
        cancelled=CalledOff(**row["cancelled"]) if row.get("cancelled") else None,
        largest=row.get("largest"),
    )
