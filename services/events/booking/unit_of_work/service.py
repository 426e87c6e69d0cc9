"""The registrations of one transaction: decided one by one, and the pools follow.

After each decision the line is served: as long as somebody waits for whom every pool they need has
room, the first such is seated. So at no commit is there a free place that somebody in line could
have, and never is a pool overdrawn by anybody but staff.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from services.events.booking.preferences.rules import settles
from services.events.booking.quotas.rules import AccessCode, BookableTerms, Quota
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.events import SignTicket, told
from services.events.booking.registrations.rules import RegistrationContext, ended, seated
from services.events.booking.registrations.state import Ending, Registration
from services.events.booking.registrations.store import Registrations
from services.events.booking.unit_of_work.commands import (
    BookingCommand,
    Claim,
    claims,
    requested_kinds,
    steps,
)
from services.events.programme.sessions.rules import SessionUnknown
from services.events.settings import BankAccount, Settings
from shared.audit import Audit
from shared.cause import Cause
from shared.contracts.base import Event
from shared.mongo import Tx
from shared.outbox.store import Outbox
from shared.service import Platform

PAGE = 50  # of the line, read at once

Rule = Callable[[RegistrationContext, Registration], Registration]
"""What becomes of a registration, also one that has ended; or of `Desk.mine`, what its holder has
in the session now."""


class BookingStores(NamedTuple):
    places: QuotaStore
    registrations: Registrations
    outbox: Outbox
    audit: Audit
    sign: SignTicket
    account: BankAccount | None = None  # where fees go; none: nothing may cost anything

    @classmethod
    def connect(cls, platform: Platform[Settings], sign: SignTicket) -> Self:
        mongo, account = platform.mongo, platform.settings.fee_account
        return cls(
            QuotaStore(mongo), Registrations(mongo), platform.outbox, Audit(mongo), sign, account
        )


class BookingUnitOfWork:
    """What one transaction has read, and what it has made of it. `close` writes it."""

    def __init__(self, tx: Tx, stores: BookingStores) -> None:
        self._tx = tx
        self._stores = stores
        self._places: dict[UUID, BookableTerms] = {}
        self._pools: dict[UUID, Quota] = {}
        self._codes: dict[tuple[UUID, str], AccessCode] = {}
        self._by_claim: dict[tuple[UUID, UUID], Registration] = {}
        self._now: dict[UUID, Registration] = {}  # all that we know of, as they are now
        self._as_read: dict[UUID, Registration | None] = {}  # those that were changed
        self._written: dict[str, set[UUID]] = {"places": set(), "pools": set()}
        self._events: list[tuple[Event, int, Cause]] = []

    async def read(self, deeds: Iterable[BookingCommand]) -> None:
        """Read all that these look at, in one round trip a collection."""
        deeds = list(deeds)
        store = self._stores.places
        pairs = {claim for deed in deeds for claim in claims(deed)}
        await self._read_places({session for session, _ in pairs})
        asked = [want for deed in deeds for want in requested_kinds(deed)]
        codes = {(want.session_id, want.code) for want in asked if want.code is not None}
        if codes:
            self._codes = await store.read_codes(self._tx, codes)
        for one in await self._stores.registrations.live(self._tx, pairs):
            self._know(one)
        pools = {pool for one in self._now.values() for pool in one.pools}
        pools |= {code.pool for code in self._codes.values()}
        pools |= {
            pool
            for want in asked
            if (places := self._places.get(want.session_id))
            and (kind := places.kinds.get(want.kind))
            for pool in kind.pools
        }
        await self._read_pools(pools)

    async def do(self, deed: BookingCommand, now: datetime, cause: Cause) -> list[Registration]:
        """Decide, serve the line, and note what is to be told. Raises what the rules raise.

        All that was changed, as it is now; last, what whoever asked has in the end.
        """
        made = steps(self._desk, deed, now)
        freed: set[UUID] = set()
        for before, after in made:
            done = self._put(before, after, cause)
            self._stores.audit.command(self._tx, deed, before, done, now, cause)
            await self._settle(before, after, now, cause)
            if before is None:
                continue
            if before.places > after.places or before.pools != after.pools:
                freed.update(before.pools)
            if after.waits:  # for less than before, it may be
                freed.update(after.pools)
        if freed:
            await self._serve_line(freed, now, cause)
        return [self._now[after.id] for _, after in made]

    def _desk(self, deed: BookingCommand, claim: Claim) -> RegistrationContext:
        session_id = claim[0]
        asked = next(
            (want for want in requested_kinds(deed) if want.session_id == session_id), None
        )
        places = self._places.get(session_id)
        if places is None:
            raise SessionUnknown if asked else RegistrationUnknown
        code = asked and asked.code
        known = None if code is None else self._codes.get((session_id, code))
        return RegistrationContext(places, self._pools, self._by_claim.get(claim), known)

    async def find(self, keys: Iterable[UUID]) -> None:
        """Read these registrations, ended or not, and what their holders have there now."""
        store = self._stores.registrations
        found = await store.read(self._tx, set(keys) - self._now.keys())
        claims = {(one.session_id, one.person_id) for one in found} - self._by_claim.keys()
        for one in [*found, *await store.live(self._tx, claims)]:
            if one.id not in self._now:
                self._know(one)
        await self._read_places({one.session_id for one in found})
        await self._read_pools({pool for one in self._now.values() for pool in one.pools})

    async def revise(self, key: UUID, rule: Rule, now: datetime, cause: Cause) -> Registration:
        """Let this rule decide on a registration that was found. Raises what the rule raises."""
        before = self.known(key)
        mine = self._by_claim.get((before.session_id, before.person_id))
        after = rule(
            RegistrationContext(self._places[before.session_id], self._pools, mine), before
        )
        before = self._now[after.id]
        self._put(before, after, cause)
        if before.places > after.places:
            await self._serve_line(before.pools, now, cause)
        return self._now[after.id]

    def known(self, key: UUID) -> Registration:
        """A registration that was found, as it is now. Raises `RegistrationUnknown`."""
        if key not in self._now:
            raise RegistrationUnknown
        return self._now[key]

    def ahead(self, one: Registration) -> int | None:
        """How many stand before somebody who has just joined the line of their session.

        None for others: where they stand now is the store's to count.
        """
        joined = one.waits and self._as_read.get(one.id, one) is None
        return self._pools[one.session_id].waiting - 1 if joined else None

    async def resize(self, pool_id: UUID, capacity: int, now: datetime, cause: Cause) -> None:
        """Have so many places in a pool. More than that may stay taken; nobody is thrown out."""
        await self._read_pools({pool_id})
        pool = self._pools.get(pool_id, Quota(pool_id, 0))
        self._set_pool(replace(pool, capacity=capacity))
        await self._serve_line((pool_id,), now, cause)

    def close(self) -> None:
        """Write it all down, and tell others."""
        for key in self._written["places"]:
            self._stores.places.write(self._tx, self._places[key])
        for key in self._written["pools"]:
            self._stores.places.write_pool(self._tx, self._pools[key])
        for key, before in self._as_read.items():
            self._stores.registrations.write(self._tx, before, self._now[key])
        for event, sequence, cause in self._events:
            self._stores.outbox.add(self._tx, event, sequence=sequence, cause=cause)

    async def _settle(
        self, before: Registration | None, after: Registration, now: datetime, cause: Cause
    ) -> None:
        """A wish is for one place: whoever has got it stands in no other line for it."""
        if after.wish_id is None or not settles(before, after):
            return
        stored = await self._stores.registrations.of_wish(after.wish_id, self._tx)
        of_wish = {one.id: one for one in stored}
        of_wish |= {one.id: one for one in self._now.values() if one.wish_id == after.wish_id}
        others = [one for one in of_wish.values() if one.waits and one.id != after.id]
        await self._read_pools({pool for one in others for pool in one.pools})
        await self._read_places({one.session_id for one in others})
        for one in others:
            self._put(one, ended(one, Ending.WISH, now), cause)

    async def _serve_line(self, pools: Iterable[UUID], now: datetime, cause: Cause) -> None:
        passed: set[UUID] = set()
        while True:
            room = {p: self._pools[p].free for p in pools if self._pools[p].waiting}
            if not any(room.values()):
                return
            line, more = await self._line([p for p, free in room.items() if free], passed)
            for found in line:
                one = self._now.get(found.id, found)  # its wish may be fulfilled by now
                if one.waits and all(self._pools[pool].free >= one.size for pool in one.pools):
                    places = self._places[one.session_id]
                    kind = places.kinds.get(one.kind)
                    after = seated(one, kind, now, asks=places.asks)
                    self._put(one, after, cause)
                    await self._settle(one, after, now, cause)
                elif one.waits:
                    self._take_turns(
                        pool for pool in one.pools if self._pools[pool].free < one.size
                    )
                passed.add(one.id)
            if not more:
                return

    async def _line(self, pools: list[UUID], passed: set[UUID]) -> tuple[list[Registration], bool]:
        """Those who wait for any of these pools, in turn; and whether there may be more of them."""
        known = passed | self._as_read.keys()
        full = [pool.id for pool in self._pools.values() if not pool.free]
        self._take_turns(pool for pool in full if self._pools[pool].waiting)
        found = await self._stores.registrations.line(self._tx, pools, full, known, PAGE)
        await self._read_pools({pool for one in found for pool in one.pools})
        await self._read_places({one.session_id for one in found})
        here = [
            one
            for key in self._as_read
            if key not in passed and (one := self._now[key]).waits and set(one.pools) & set(pools)
        ]
        # Whoever stands behind the end of this page waits for the next one.
        if len(found) == PAGE:
            here = [one for one in here if one.turn <= found[-1].turn]
        return sorted([*found, *here], key=lambda one: one.turn), len(found) == PAGE

    def _put(self, before: Registration | None, after: Registration, cause: Cause) -> Registration:
        if after == before:
            return after
        after = replace(after, version=after.version + 1)
        self._as_read.setdefault(after.id, before)
        self._know(after)
        if before is not None:
            self._count(before, -1)
        self._count(after, 1)
        places = self._places[after.session_id]
        if after.number is not None and after.number > places.last_number:
            self._places[after.session_id] = replace(
                places, last_number=after.number, last_asked_at=after.asked_at
            )
            self._written["places"].add(after.session_id)
        event = told(before, after, places, self._stores.sign, self._stores.account)
        if event is not None:
            self._events.append((event, after.version, cause))
        return after

    def _count(self, one: Registration, times: int) -> None:
        for key in one.pools:
            pool = self._pools[key]
            taken, waiting = pool.taken + times * one.places, pool.waiting + times * one.waits
            self._set_pool(replace(pool, taken=taken, waiting=waiting))

    def _know(self, one: Registration) -> None:
        self._now[one.id] = one
        claim = (one.session_id, one.person_id)
        if one.live:
            self._by_claim[claim] = one
        elif claim in self._by_claim and self._by_claim[claim].id == one.id:
            del self._by_claim[claim]

    def _take_turns(self, full: Iterable[UUID]) -> None:
        """Somebody is passed by because of these. Write them: another replica that frees one of
        them, and passes the same one by because of what is free here, has to look again."""
        for key in full:
            self._set_pool(self._pools[key])

    def _set_pool(self, pool: Quota) -> None:
        self._pools[pool.id] = pool
        self._written["pools"].add(pool.id)

    async def _read_places(self, sessions: Iterable[UUID]) -> None:
        if missing := set(sessions) - self._places.keys():
            self._places |= await self._stores.places.read(self._tx, missing)

    async def _read_pools(self, pools: Iterable[UUID]) -> None:
        if missing := set(pools) - self._pools.keys():
            self._pools |= await self._stores.places.read_pools(self._tx, missing)
