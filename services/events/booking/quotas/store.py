from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from services.events.booking.quotas.rules import (
    AccessCode,
    BookableTerms,
    Quota,
    TicketKindTerms,
    kind_pool,
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
    Index("pools", [("edition_id", ASCENDING)]),
    Index("codes", [("_id.bookable", ASCENDING)]),
    Index("places", [("emptied", ASCENDING)], only_where={"emptied": False}),
]

OPEN: Document = {"kinds": {"$exists": True}}  # the session is published: its terms are known
NEW_LINE: Document = {"last_number": 0, "last_asked_at": None}


class QuotaStore:
    """Pools, the terms of published sessions, and access codes."""

    def __init__(self, mongo: Mongo) -> None:
        self._places = mongo.collection("places")
        self._pools = mongo.collection("pools")
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
        await self._places.update_one(
            {"_id": bookable_id},
            {"$set": changed, "$setOnInsert": NEW_LINE},
            upsert=True,
            session=tx.session,
        )

    async def cancel(self, tx: Tx, bookable_id: UUID, why: CalledOff) -> None:
        """Let nobody take a place any more, and have what was taken ended."""
        closed = {"cancelled": why.model_dump(), "emptied": False}
        await self._places.update_one({"_id": bookable_id}, {"$set": closed}, session=tx.session)

    async def to_empty(self) -> list[UUID]:
        """Cancelled sessions that somebody may still have a place in."""
        rows = await self._places.find({"emptied": False}, {"_id": 1}).to_list(100)
        return [row["_id"] for row in rows]

    async def emptied(self, bookable_id: UUID) -> None:
        await self._places.update_one({"_id": bookable_id}, {"$unset": {"emptied": 1}})

    async def asks(self, tx: Tx, bookable_id: UUID, *, asks: bool) -> None:
        """Whether something has to be answered; also for a session that is not published yet."""
        change = {"$set": {"asks": asks}, "$setOnInsert": NEW_LINE}
        await self._places.update_one({"_id": bookable_id}, change, upsert=True, session=tx.session)

    async def find(self, bookable_id: UUID) -> BookableTerms | None:
        """None for a session that is not published."""
        found = await self._places.find_one({"_id": bookable_id, **OPEN})
        return None if found is None else _places(found)

    async def pool(self, pool_id: UUID) -> Quota | None:
        found = await self._pools.find_one({"_id": pool_id})
        return None if found is None else _pool(found)

    async def pools(self, keys: Iterable[UUID]) -> list[Quota]:
        rows = self._pools.find({"_id": {"$in": list(keys)}})
        return [_pool(row) for row in await rows.to_list(None)]

    async def read(self, tx: Tx, sessions: Iterable[UUID]) -> dict[UUID, BookableTerms]:
        rows = self._places.find({"_id": {"$in": list(sessions)}, **OPEN}, session=tx.session)
        return {row["_id"]: _places(row) for row in await rows.to_list(None)}

    async def read_pools(self, tx: Tx, pools: Iterable[UUID]) -> dict[UUID, Quota]:
        rows = self._pools.find({"_id": {"$in": list(pools)}}, session=tx.session)
        return {row["_id"]: _pool(row) for row in await rows.to_list(None)}

    async def read_codes(
        self, tx: Tx, codes: Iterable[tuple[UUID, str]]
    ) -> dict[tuple[UUID, str], AccessCode]:
        """By (session, code)."""
        wanted = [_code_id(session, code) for session, code in codes]
        rows = self._codes.find({"_id": {"$in": wanted}}, session=tx.session)
        return {
            (row["_id"]["bookable"], row["_id"]["code"]): AccessCode(
                TicketKind(row["kind"]), row["pool"]
            )
            for row in await rows.to_list(None)
        }

    async def add_code(
        self, tx: Tx, bookable_id: UUID, code: str, kind: TicketKind, uses: int
    ) -> None:
        """Raises the driver's duplicate-key error if the session has that code already."""
        pool = Quota(new_id(), uses)
        await self._codes.insert_one(
            {"_id": _code_id(bookable_id, code), "kind": kind.value, "pool": pool.id},
            session=tx.session,
        )
        self.write_pool(tx, pool)

    async def name_pool(self, tx: Tx, pool_id: UUID, edition_id: UUID, name: str) -> None:
        named = {"_id": pool_id, "edition_id": edition_id, "name": name}
        await self._pools.insert_one(named, session=tx.session)

    async def pools_of(self, edition_id: UUID) -> list[tuple[str, Quota]]:
        """The pools that sessions of this edition may share, with their names."""
        rows = await self._pools.find({"edition_id": edition_id}).sort("_id", 1).to_list(None)
        return [(row["name"], _pool(row)) for row in rows]

    async def codes_of(self, bookable_id: UUID) -> list[tuple[str, TicketKind, Quota]]:
        rows = (
            await self._codes.find({"_id.bookable": bookable_id}).sort("_id.code", 1).to_list(None)
        )
        pools = await self._pools.find({"_id": {"$in": [row["pool"] for row in rows]}}).to_list(
            None
        )
        by_id = {row["_id"]: _pool(row) for row in pools}
        return [(row["_id"]["code"], TicketKind(row["kind"]), by_id[row["pool"]]) for row in rows]

    async def claim(self, tx: Tx, pools: Iterable[UUID]) -> None:
        """Write these before the transaction reads anything: from here on it is the others' turn
        to run again.

        A rush writes a pool without a pause. Whoever reads it and writes it some time later always
        finds that somebody was faster, until nobody comes any more.
        """
        touched = {"$inc": {"claims": 1}}
        await self._pools.update_many({"_id": {"$in": list(pools)}}, touched, session=tx.session)

    def write(self, tx: Tx, places: BookableTerms) -> None:
        line = {"last_number": places.last_number, "last_asked_at": places.last_asked_at}
        tx.at_commit(self._places, UpdateOne({"_id": places.bookable_id}, {"$set": line}))

    def write_pool(self, tx: Tx, pool: Quota) -> None:
        """Every decision that looks at a pool and changes something writes it.

        That makes two replicas take turns: one that lets somebody join the line, because it saw
        the pool full, and one that frees a place, because it saw nobody waiting, cannot both win.
        """
        counts = {"capacity": pool.capacity, "taken": pool.taken, "waiting": pool.waiting}
        # Where one comes and one goes the counts stay, and a write that changes nothing conflicts
        # with none: `turns` makes it one that does.
        change = {"$set": counts, "$inc": {"turns": 1}}
        tx.at_commit(self._pools, UpdateOne({"_id": pool.id}, change, upsert=True))


def own_pools(
    bookable_id: UUID, capacity: int, kinds: Sequence[TicketKindFacts]
) -> dict[UUID, int]:
    """The pools that belong to a session alone, and how many places each has."""
    limited = {
        kind_pool(bookable_id, facts.kind): facts.capacity
        for facts in kinds
        if facts.capacity is not None
    }
    return {bookable_id: capacity, **limited}


def _code_id(bookable_id: UUID, code: str) -> Document:
    return {"bookable": bookable_id, "code": code}


def _pool(row: Document) -> Quota:
    return Quota(row["_id"], row["capacity"], row["taken"], row["waiting"])


def _kind(one: TicketKindTerms) -> Document:
    seconds = None if one.offer_for is None else int(one.offer_for.total_seconds())
    return {
        "pools": list(one.quotas),
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
        quotas=tuple(row["pools"]),
        code_only=row["code_only"],
        approval=row["approval"],
        offer_for=None if seconds is None else timedelta(seconds=seconds),
        fee=row.get("fee", 0),
        pay_for=PAY_FOR if pay_seconds is None else timedelta(seconds=pay_seconds),
        pay_by=row.get("pay_by"),
        over_at=row.get("over_at"),
    )


def _places(row: Document) -> BookableTerms:
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
