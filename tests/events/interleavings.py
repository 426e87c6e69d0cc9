"""Random stories over shared pools, played by several replicas at once, and what must hold."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.events import app
from services.events.booking.batching.service import RegistrationService
from services.events.booking.box_office.rules import Approve, Prioritise
from services.events.booking.capacity.service import QuotaService
from services.events.booking.changes.rules import ChangeRegistration, MoveRegistration
from services.events.booking.expiry.jobs import ExpiryJob
from services.events.booking.preferences.rules import RegisterByPreference, WithdrawPreferences
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.commands import Cancel, Confirm, Register
from services.events.booking.registrations.state import Override, TransferCode
from services.events.booking.registrations.store import Registrations
from services.events.booking.transfers.rules import AcceptTransfer, OfferTransfer
from services.events.booking.unit_of_work.commands import BookingCommand
from services.events.payments.fees.rules import BankTransfer
from services.events.payments.fees.service import PaymentService
from services.events.payments.refunds.rules import Approve as Agree
from services.events.payments.refunds.rules import Decline, Propose
from services.events.payments.refunds.service import RefundService
from services.events.programme.ticket_kinds.rules import TicketKind, TicketKindFacts
from services.events.settings import Settings
from shared.contracts.base import read_wire
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationResized,
)
from shared.errors import DomainError
from shared.http.idempotency import Reply
from shared.ids import new_id
from shared.mongo import Mongo
from shared.service import Platform, Service
from tests.events import laws
from tests.events.conftest import open_places
from tests.helping.clock import StandingClock

Build = Callable[[Platform[Settings]], Service]
CODE = "BAO-CHI-2026"
FEE = 20_000
TREASURER, CHECKER = UUID(int=999), UUID(int=998)


class Replica:
    """What one process of the service does about places."""

    def __init__(self, settings: Settings, clock: StandingClock, build: Build = app.build) -> None:
        platform = Platform.connect(settings, clock)
        self.mongo = platform.mongo
        self.service = build(platform)
        found = {type(part): part for part in self.service.provides}
        self.desk: RegistrationService = found[RegistrationService]  # type: ignore[assignment]
        self.office: QuotaService = found[QuotaService]  # type: ignore[assignment]
        self.places: QuotaStore = found[QuotaStore]  # type: ignore[assignment]
        self.payments: PaymentService = found[PaymentService]  # type: ignore[assignment]
        self.refunds: RefundService = found[RefundService]  # type: ignore[assignment]
        self.registrations: Registrations = found[Registrations]  # type: ignore[assignment]
        self.expiry: ExpiryJob = self.service.workers["expiry"].__self__  # type: ignore[attr-defined]

    async def do(self, deed: BookingCommand) -> object:
        """The answer, or the refusal."""
        try:
            return await self.desk(deed, status=200, idempotency_key=None)
        except DomainError as refusal:
            return refusal


class Festival:
    """Four sessions, a bus that some share, kinds, a code, fees; people who come and go."""

    def __init__(self, replicas: Sequence[Replica], clock: StandingClock, seed: int) -> None:
        self.replicas = replicas
        self.clock = clock
        self.random = random.Random(seed)  # noqa: S311 - so that a story can be told again
        self.people = [UUID(int=n) for n in range(1, 31)]
        self.sessions: list[UUID] = []
        self.bus = new_id()
        self.most: dict[UUID, int] = {}  # that each pool may have had taken in this round
        self.seen: Counter[str] = Counter()
        self.transfers: dict[str, BankTransfer] = {}  # that came in; some of them are told of twice
        self.placed: list[tuple[UUID, UUID]] = []  # who had a place in which session just now
        self.room: dict[UUID, int] = {}  # in each pool
        self.wishes: list[WithdrawPreferences] = []  # that could be withdrawn
        self.codes: list[AcceptTransfer] = []  # whose place could be taken over

    @property
    def mongo(self) -> Mongo:
        return self.replicas[0].mongo

    async def open(self) -> None:
        await self.mongo.ensure_indexes(self.replicas[0].service.all_indexes())
        self.bus = await self.replicas[0].office.create(new_id(), "Xe buýt hai tầng", 6)
        on_bus = (self.bus,)
        for kinds in (
            (
                TicketKindFacts(shared=on_bus, fee=FEE, pay_minutes=20),
                TicketKindFacts(kind=TicketKind.PRESS, code_only=True),
            ),
            (
                TicketKindFacts(shared=on_bus, offer_minutes=10, fee=FEE, pay_minutes=20),
                TicketKindFacts(kind=TicketKind.WHEELCHAIR, capacity=1),
            ),
            (
                TicketKindFacts(approval=True, fee=FEE, pay_minutes=30),
                TicketKindFacts(kind=TicketKind.CHILD, capacity=2, shared=on_bus),
            ),
            (TicketKindFacts(),),
        ):
            self.sessions.append(await open_places(self.mongo, 5, kinds=kinds))
        await self.replicas[0].office.add_code(self.sessions[0], CODE, TicketKind.PRESS, 2)

    async def execute(self) -> None:
        """One thing that somebody does, at some replica."""
        replica = self.random.choice(self.replicas)
        session, person = self.random.choice(self.sessions), self.random.choice(self.people)
        somebody = self.random.choice(self.placed or [(session, person)])
        match self.random.randrange(40):
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
            case 12 | 13:
                size = self.random.choice((None, 1, 2, 4))
                kind = self.random.choice([None, None, *TicketKind])
                await replica.do(ChangeRegistration(*somebody, size, kind, CODE if kind else None))
            case 14 | 15 | 26 | 27 | 28:
                # Where there was room just now: elsewhere hardly any move is more than asked for.
                there = max(self.sessions, key=lambda one: self.room.get(one, 0))
                to = replace(self._wish(there, somebody[1]), kind=TicketKind.GENERAL, code=None)
                await replica.do(MoveRegistration(*somebody, to))
            case 16 | 17:
                secret = self.random.randbytes(8)
                ends = self.clock() + timedelta(minutes=30)
                handover = TransferCode(secret, ends, by_staff=True)
                if isinstance(await replica.do(OfferTransfer(*somebody, handover)), Reply):
                    self.codes.append(
                        AcceptTransfer(new_id(), somebody[0], person, somebody[1], secret)
                    )
            case 18 | 19 | 20 if self.codes:
                code = self.random.choice(self.codes[-5:])
                await replica.do(replace(code, registration_id=new_id(), person_id=person))
            case 21 | 22:
                await replica.do(self._any_of(person))
            case 24 if self.wishes:
                await replica.do(self.random.choice(self.wishes[-20:]))
            case 25:
                why = Override(person, "Nghệ nhân làng nghề")
                await replica.do(Prioritise(session, person, self.random.randrange(3), why))
            case 23 | 29 | 30 | 31 | 32:
                await self._pay(replica)
            case 33 | 34:
                await self._give_back(replica)
            case _:
                await replica.do(self._wish(session, person))

    async def _pay(self, replica: Replica) -> None:
        """A statement with an old transfer and a new one: enough, too little or too much."""
        told = self.random.choices(list(self.transfers.values())) if self.transfers else []
        owing = {"reference": {"$exists": True}}
        rows = await self.mongo.collection("registrations").find(owing).to_list(None)
        kept = [row for row in rows if row["status"] == "unpaid"]
        lost = [row for row in rows if row["ended_by"] == "expiry"]
        some = self.random.choice((kept, kept, lost, rows))
        if some:
            row = self.random.choice(some)
            amount = int(row["amount"] * self.random.choice((1, 1, 1, 1, 0.5, 2)))
            one = BankTransfer(str(new_id()), self.clock(), amount, f"ve tau {row['reference']}")
            told.append(self.transfers.setdefault(one.key, one))
        await replica.payments.record_transfers(told, TREASURER)

    async def _give_back(self, replica: Replica) -> None:
        """Somebody proposes a refund, or somebody else decides on one."""
        now, all_refunds = self.clock(), replica.refunds
        due = {"due_back": {"$exists": True}}
        rows = await self.mongo.collection("registrations").find(due).to_list(None)
        open_ones = await self.mongo.collection("refunds").find({"state": "proposed"}).to_list(None)
        command: Propose | Agree | Decline
        if open_ones and self.random.random() < 0.5:
            key = self.random.choice(open_ones)["_id"]
            command = self.random.choice((Agree(CHECKER), Decline(CHECKER, "Vé còn dùng được")))
        elif rows:
            one = await replica.registrations.get(self.random.choice(rows)["_id"])
            key, part = new_id(), self.random.choice((1, 1, 2))
            amount = max(one.due_back // part, 1)
            command = Propose(key, one, None, amount, 0, None, TREASURER)
        else:
            return
        with suppress(DomainError):
            await replica.mongo.transaction(lambda tx: all_refunds.perform(tx, key, command, now))

    def _wish(self, session: UUID, person: UUID) -> Register:
        kind = self.random.choice([*TicketKind, *[TicketKind.GENERAL] * 5])
        code = CODE if kind is TicketKind.PRESS else None
        size = self.random.choice((1, 1, 1, 2, 3))
        hold = self.random.random() < 0.3
        return Register(new_id(), session, person, kind, size, code, hold)

    def _any_of(self, person: UUID) -> RegisterByPreference:
        sessions = tuple(self.random.sample(self.sessions, self.random.choice((2, 3))))
        size = self.random.choice((1, 1, 2))
        wish = new_id()
        self.wishes.append(WithdrawPreferences(wish, person, sessions))
        wanted = (Register(new_id(), session, person, size=size) for session in sessions)
        return RegisterByPreference(wish, person, tuple(wanted))

    async def play(self, rounds: int, together: int) -> None:
        """So many rounds; in each, so many things happen at once. Fails where one breaks a law."""
        for _ in range(rounds):
            pools = await self.mongo.collection("quotas").find().to_list(None)
            self.most = {pool["_id"]: max(pool["capacity"], pool["taken"]) for pool in pools}
            await asyncio.gather(*(self.execute() for _ in range(together)))
            broken = await self.broken()
            assert not broken, broken
        assert await self._places_told() == await self._places_confirmed()

    async def _places_told(self) -> int:
        """How many confirmed places there are for whoever has heard all that was told."""
        told = 0
        for row in await self.mongo.collection("outbox").find().to_list(None):
            match read_wire(row["body"])[1]:
                case RegistrationConfirmed() as event:
                    told += event.size
                case RegistrationCancelled(held_place=True) as event:
                    told -= event.size
                case RegistrationResized() as event:
                    told += event.size - event.size_before
        return told

    async def _places_confirmed(self) -> int:
        rows = self.mongo.collection("registrations").find({"status": "confirmed"})
        return sum(row["size"] for row in await rows.to_list(None))

    async def broken(self) -> list[str]:
        """The laws that the store breaks now."""
        rows = await self.mongo.collection("registrations").find().to_list(None)
        found = await self.mongo.collection("quotas").find().to_list(None)
        pools = {pool["_id"]: pool for pool in found}
        self.room = {key: pool["capacity"] - pool["taken"] for key, pool in pools.items()}
        self.placed = [
            (r["bookable_id"], r["person_id"]) for r in rows if r["status"] in laws.PLACED
        ]
        self.seen.update(row["status"] for row in rows)
        self.seen.update(f"ended by {row['ended_by']}" for row in rows if row["ended_by"])
        self.seen["came late"] += sum(row["number"] is not None and row["paid"] > 0 for row in rows)
        payments = await self.mongo.collection("payments").find().to_list(None)
        refunds = await self.mongo.collection("refunds").find().to_list(None)
        self.seen.update(f"refund {refund['state']}" for refund in refunds)
        broken = (
            laws.books(rows, pools),
            laws.stranded(rows, pools),
            laws.twice(rows),
            laws.fulfilled(rows),
            laws.carried(rows),
            laws.money(rows, payments, refunds, self.transfers),
        )
        return [*self._oversold(found), *(text for law in broken for text in law)]

    def _oversold(self, pools: list[Any]) -> list[str]:
        """More than there is may stay taken after a cut, but never becomes more."""
        return [
            f"pool {pool['_id']}: {pool['taken']} taken of {self.most[pool['_id']]}"
            for pool in pools
            if pool["taken"] > self.most[pool["_id"]]
        ]
