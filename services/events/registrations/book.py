"""The registrations of one transaction: decided one by one, and the pools follow.

After each decision the line is served: as long as somebody waits for whom every pool they need has
room, the first such is seated. So at no commit is there a free place that somebody in line could
have, and never is a pool overdrawn by anybody but staff.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.places.rules import Code, Places, Pool
from services.events.places.store import PlacesStore
from services.events.registrations.commands import Command, Register
from services.events.registrations.errors import RegistrationUnknown
from services.events.registrations.rules import Desk, decide, seated
from services.events.registrations.state import Registration
from services.events.registrations.store import Registrations
from services.events.registrations.telling import SignTicket, told
from services.events.sessions.rules import SessionUnknown
from shared.audit import Audit
from shared.cause import Cause
from shared.contracts.base import Event
from shared.mongo import Tx
from shared.outbox.store import Outbox

PAGE = 50  # of the line, read at once


class Stores(NamedTuple):
    places: PlacesStore
    registrations: Registrations
    outbox: Outbox
    audit: Audit
    sign: SignTicket


class Book:
    """What one transaction has read, and what it has made of it. `close` writes it."""

    def __init__(self, tx: Tx, stores: Stores) -> None:
        self._tx = tx
        self._stores = stores
        self._places: dict[UUID, Places] = {}
        self._pools: dict[UUID, Pool] = {}
        self._codes: dict[tuple[UUID, str], Code] = {}
        self._by_claim: dict[tuple[UUID, UUID], Registration] = {}
        self._now: dict[UUID, Registration] = {}  # all that we know of, as they are now
        self._as_read: dict[UUID, Registration | None] = {}  # those that were changed
        self._written: dict[str, set[UUID]] = {"places": set(), "pools": set()}
        self._events: list[tuple[Event, int, Cause]] = []

    async def read(self, commands: Iterable[Command]) -> None:
        """Read all that these commands look at, in one round trip a collection."""
        commands = list(commands)
        store = self._stores.places
        await self._read_places({command.session_id for command in commands})
        registering = [command for command in commands if isinstance(command, Register)]
        codes = {(c.session_id, c.code) for c in registering if c.code is not None}
        if codes:
            self._codes = await store.read_codes(self._tx, codes)
        pairs = {(command.session_id, command.person_id) for command in commands}
        for one in await self._stores.registrations.live(self._tx, pairs):
            self._know(one)
        wanted = {pool for one in self._now.values() for pool in one.pools}
        wanted |= {code.pool for code in self._codes.values()}
        wanted |= {
            pool
            for command in registering
            if (places := self._places.get(command.session_id))
            and (kind := places.kinds.get(command.kind))
            for pool in kind.pools
        }
        await self._read_pools(wanted)

    async def do(self, command: Command, now: datetime, cause: Cause) -> Registration:
        """Decide, serve the line, and note what is to be told. Raises what the rules raise."""
        places = self._places.get(command.session_id)
        if places is None:
            raise SessionUnknown if isinstance(command, Register) else RegistrationUnknown
        code = None
        if isinstance(command, Register) and command.code is not None:
            code = self._codes.get((command.session_id, command.code))
        mine = self._by_claim.get((command.session_id, command.person_id))
        after = decide(Desk(places, self._pools, mine, code), command, now)
        after = self._put(mine, after, cause)
        self._stores.audit.command(self._tx, command, mine, after, now, cause)
        if mine is not None and mine.places > after.places:
            await self._serve_line(mine.pools, now, cause)
        return after

    def ahead(self, one: Registration) -> int | None:
        """How many stand before somebody who has just joined the line of their session.

        None for others: where they stand now is the store's to count.
        """
        joined = one.waits and self._as_read.get(one.id, one) is None
        return self._pools[one.session_id].waiting - 1 if joined else None

    async def resize(self, pool_id: UUID, capacity: int, now: datetime, cause: Cause) -> None:
        """Have so many places in a pool. More than that may stay taken; nobody is thrown out."""
        await self._read_pools({pool_id})
        pool = self._pools.get(pool_id, Pool(pool_id, 0))
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
            self._stores.outbox.tell(self._tx, event, sequence=sequence, cause=cause)

    async def _serve_line(self, pools: Iterable[UUID], now: datetime, cause: Cause) -> None:
        passed: set[UUID] = set()
        while True:
            room = {p: self._pools[p].free for p in pools if self._pools[p].waiting}
            if not any(room.values()):
                return
            line, more = await self._line([p for p, free in room.items() if free], passed)
            for one in line:
                if all(self._pools[pool].free >= one.size for pool in one.pools):
                    kind = self._places[one.session_id].kinds.get(one.kind)
                    self._put(one, seated(one, kind, now), cause)
                passed.add(one.id)
            if not more:
                return

    async def _line(self, pools: list[UUID], passed: set[UUID]) -> tuple[list[Registration], bool]:
        """Those who wait for any of these pools, in turn; and whether there may be more of them."""
        known = passed | self._as_read.keys()
        full = [pool.id for pool in self._pools.values() if not pool.free]
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
        for key in after.pools:
            pool = self._pools[key]
            taken, waiting = after.places, after.waits
            if before is not None:
                taken, waiting = taken - before.places, waiting - before.waits
            self._set_pool(replace(pool, taken=pool.taken + taken, waiting=pool.waiting + waiting))
        places = self._places[after.session_id]
        if after.number is not None and after.number > places.last_number:
            self._places[after.session_id] = replace(
                places, last_number=after.number, last_asked_at=after.asked_at
            )
            self._written["places"].add(after.session_id)
        event = told(before, after, places, self._stores.sign)
        if event is not None:
            self._events.append((event, after.version, cause))
        return after

    def _know(self, one: Registration) -> None:
        self._now[one.id] = one
        claim = (one.session_id, one.person_id)
        if one.live:
            self._by_claim[claim] = one
        else:
            self._by_claim.pop(claim, None)

    def _set_pool(self, pool: Pool) -> None:
        self._pools[pool.id] = pool
        self._written["pools"].add(pool.id)

    async def _read_places(self, sessions: Iterable[UUID]) -> None:
        if missing := set(sessions) - self._places.keys():
            self._places |= await self._stores.places.read(self._tx, missing)

    async def _read_pools(self, pools: Iterable[UUID]) -> None:
        if missing := set(pools) - self._pools.keys():
            self._pools |= await self._stores.places.read_pools(self._tx, missing)
