"""Random stories over shared pools, played by several replicas at once, and what must hold."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from services.events import app
from services.events.places.office import PoolOffice
from services.events.places.rules import Kind, KindFacts
from services.events.places.store import PlacesStore
from services.events.registrations.commands import Approve, Cancel, Command, Confirm, Register
from services.events.registrations.desk import RegistrationDesk
from services.events.registrations.expiry import Expiry
from services.events.settings import Settings
from shared.errors import DomainError
from shared.ids import new_id
from shared.mongo import Mongo
from shared.service import Platform, Service
from tests.events.conftest import open_places
from tests.helping.clock import StandingClock

Build = Callable[[Platform[Settings]], Service]
PLACED = ("held", "asked", "offered", "confirmed")
CODE = "BAO-CHI-2026"


class Replica:
    """What one process of the service does about places."""

    def __init__(self, settings: Settings, clock: StandingClock, build: Build = app.build) -> None:
        platform = Platform.connect(settings, clock)
        self.mongo = platform.mongo
        self.service = build(platform)
        found = {type(part): part for part in self.service.provides}
        self.desk: RegistrationDesk = found[RegistrationDesk]  # type: ignore[assignment]
        self.office: PoolOffice = found[PoolOffice]  # type: ignore[assignment]
        self.places: PlacesStore = found[PlacesStore]  # type: ignore[assignment]
        self.expiry: Expiry = self.service.workers["expiry"].__self__  # type: ignore[attr-defined]

    async def do(self, command: Command) -> object:
        """The answer, or the refusal."""
        try:
            return await self.desk(command, status=200, once=None)
        except DomainError as refusal:
            return refusal


class Festival:
    """Three sessions, a bus they share, kinds of ticket, a code; people who come and go."""

    def __init__(self, replicas: Sequence[Replica], clock: StandingClock, seed: int) -> None:
        self.replicas = replicas
        self.clock = clock
        self.random = random.Random(seed)  # noqa: S311 - so that a story can be told again
        self.people = [UUID(int=n) for n in range(1, 31)]
        self.sessions: list[UUID] = []
        self.bus = new_id()
        self.most: dict[UUID, int] = {}  # that each pool may have had taken in this round
        self.seen: Counter[str] = Counter()

    @property
    def mongo(self) -> Mongo:
        return self.replicas[0].mongo

    async def open(self) -> None:
        await self.mongo.ensure_indexes(self.replicas[0].service.all_indexes())
        self.bus = await self.replicas[0].office.create(new_id(), "Xe buýt hai tầng", 6)
        on_bus = (self.bus,)
        for kinds in (
            (KindFacts(shared=on_bus), KindFacts(kind=Kind.PRESS, code_only=True)),
            (
                KindFacts(shared=on_bus, offer_minutes=10),
                KindFacts(kind=Kind.WHEELCHAIR, capacity=1),
            ),
            (KindFacts(approval=True), KindFacts(kind=Kind.CHILD, capacity=2, shared=on_bus)),
        ):
            self.sessions.append(await open_places(self.mongo, 5, kinds=kinds))
        await self.replicas[0].office.add_code(self.sessions[0], CODE, Kind.PRESS, 2)

    async def act(self) -> None:
        """One thing that somebody does, at some replica."""
        replica = self.random.choice(self.replicas)
        session, person = self.random.choice(self.sessions), self.random.choice(self.people)
        match self.random.randrange(20):
            case 0:
                pool = self.random.choice([*self.sessions, self.bus])
                capacity = self.random.randrange(9)
                self.most[pool] = max(self.most[pool], capacity)
                await replica.office.resize(pool, capacity)
            case 1:
                self.clock.forward(minutes=self.random.choice((-5, 1, 5, 20)))
                await replica.expiry.look()
            case 2 | 3 | 4 | 5 | 6 | 7:
                await replica.do(Cancel(session, person))
            case 8 | 9:
                await replica.do(Confirm(session, person))
            case 10 | 11:
                await replica.do(Approve(session, person))
            case _:
                await replica.do(self._wish(session, person))

    def _wish(self, session: UUID, person: UUID) -> Register:
        kind = self.random.choice([*Kind, *[Kind.GENERAL] * 5])
        code = CODE if kind is Kind.PRESS else None
        size = self.random.choice((1, 1, 1, 2, 3))
        hold = self.random.random() < 0.3
        return Register(new_id(), session, person, kind, size, code, hold)

    async def play(self, rounds: int, together: int) -> None:
        """So many rounds; in each, so many things happen at once. Fails where one breaks a law."""
        for _ in range(rounds):
            pools = await self.mongo.collection("pools").find().to_list(None)
            self.most = {pool["_id"]: max(pool["capacity"], pool["taken"]) for pool in pools}
            await asyncio.gather(*(self.act() for _ in range(together)))
            broken = await self.broken()
            assert not broken, broken

    async def broken(self) -> list[str]:
        """The laws that the store breaks now."""
        rows = await self.mongo.collection("registrations").find().to_list(None)
        found = await self.mongo.collection("pools").find().to_list(None)
        pools = {pool["_id"]: pool for pool in found}
        self.seen.update(row["status"] for row in rows)
        laws = (_books(rows, pools), _stranded(rows, pools), _twice(rows))
        return [*self._oversold(found), *(text for law in laws for text in law)]

    def _oversold(self, pools: list[Any]) -> list[str]:
        """More than there is may stay taken after a cut, but never becomes more."""
        return [
            f"pool {pool['_id']}: {pool['taken']} taken of {self.most[pool['_id']]}"
            for pool in pools
            if pool["taken"] > self.most[pool["_id"]]
        ]


def _books(rows: list[Any], pools: dict[UUID, Any]) -> list[str]:
    taken: Counter[UUID] = Counter()
    waiting: Counter[UUID] = Counter()
    for row in rows:
        for pool in row["pools"]:
            taken[pool] += row["size"] if row["status"] in PLACED else 0
            waiting[pool] += row["status"] == "waiting"
    return [
        f"pool {key} says {pool['taken']} taken, {pool['waiting']} waiting; "
        f"there are {taken[key]} and {waiting[key]}"
        for key, pool in pools.items()
        if (pool["taken"], pool["waiting"]) != (taken[key], waiting[key])
    ]


def _stranded(rows: list[Any], pools: dict[UUID, Any]) -> list[str]:
    free = {key: pool["capacity"] - pool["taken"] for key, pool in pools.items()}
    return [
        f"{row['person_id']} waits for {row['size']} though there is room"
        for row in rows
        if row["status"] == "waiting" and all(free[p] >= row["size"] for p in row["pools"])
    ]


def _twice(rows: list[Any]) -> list[str]:
    live = Counter((r["session_id"], r["person_id"]) for r in rows if r["status"] != "cancelled")
    numbers = defaultdict(list)
    for row in rows:
        if row["number"] is not None:
            numbers[row["session_id"]].append(row["number"])
    doubles = [f"{session}: numbers {found}" for session, found in numbers.items()
               if len(found) != len(set(found))]  # fmt: skip
    return [f"twice: {claim}" for claim, count in live.items() if count > 1] + doubles
