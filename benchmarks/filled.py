"""A store with many registrations in it, as it would be after years of festivals.

Spread over two thousand sessions, in all their states, each with its claim, its pools in step, and
every index of the service. Half of the sessions are full and have a line, half have room.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from uuid import UUID, uuid4

from pydantic import SecretStr
from pymongo import WriteConcern

from benchmarks.servers import Servers
from services.events import app
from services.events.admission.gates.rules import Gate, GateFacts
from services.events.admission.gates.store import Gates
from services.events.admission.tickets.signature import TicketSigner
from services.events.booking.quotas.rules import Quota
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.state import Ending, Registration, Status
from services.events.booking.registrations.store import as_document
from services.events.programme.sessions.rules import Session, SessionFacts
from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import SeatOffer, TicketKindFacts
from services.events.programme.venues.state import Place
from services.events.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.mongo import Mongo, Tx
from shared.service import Platform
from shared.text import Localized

SESSIONS = 2_000
GATES = 10  # each for as many sessions
AT_ONCE = 5_000  # documents in one insert
DAY = timedelta(days=1)
ROOM = 5_000  # places of a session that is not full

# Of a hundred registrations, in the order in which they repeat.
STATES = (
    *[Status.CONFIRMED] * 76,
    *[Status.WAITING] * 8,
    *[Status.CANCELLED] * 12,
    *[Status.ASKED] * 2,
    Status.OFFERED,
    Status.HELD,
)


class Filled:
    """A database of the service with so many registrations stored."""

    def __init__(self, at: Servers, database: str, ticket_keys: str, count: int) -> None:
        settings = Settings(
            mongodb_url=SecretStr(at.mongodb_url),
            amqp_url=SecretStr(at.amqp_url),
            mongodb_database=database,
            ticket_keys=SecretStr(ticket_keys),
        )
        service = app.build(Platform.connect(settings, now))
        self._indexes = service.all_indexes()
        self._provided = {type(part): part for part in service.provides}
        self.mongo: Mongo = service.platform.mongo
        self.database = database
        self.count = count
        self.sessions = [new_id() for _ in range(SESSIONS)]
        self.gates = [new_id() for _ in range(GATES)]
        # (registration, session) by gate: confirmed, and not in yet
        self.holders: dict[UUID, list[tuple[UUID, UUID]]] = {key: [] for key in self.gates}
        self._taken: Counter[UUID] = Counter()
        self._waiting: Counter[UUID] = Counter()
        self._numbers: Counter[UUID] = Counter()

    async def fill(self) -> None:
        await self._programme()
        quick = self.mongo.db.registrations.with_options(write_concern=WriteConcern(1))
        rows = (as_document(one) for one in self._registrations())
        while batch := list(islice(rows, AT_ONCE)):
            await quick.insert_many(batch, ordered=False)
        await self._pools()
        await self.mongo.ensure_indexes(self._indexes)

    def ticket(self, gate: UUID) -> str:
        """A ticket for this gate that was not shown before."""
        tickets = self._provided[TicketSigner]
        assert isinstance(tickets, TicketSigner)
        return tickets.sign(*self.holders[gate].pop())

    def _registrations(self) -> Iterator[Registration]:
        people = [uuid4() for _ in range(max(self.count // 3, 1_000))]
        moment = now() - 3 * DAY
        for n in range(self.count):
            session = self.sessions[n % SESSIONS]
            full, turn = n % 2 == 0, n // SESSIONS
            # Each session goes through the states at its own pace; nobody is in one twice.
            status = STATES[(turn * 7 + n * 37) % len(STATES)]
            if status is Status.WAITING and not full:
                status = Status.CONFIRMED
            self._numbers[session] += status is Status.WAITING
            one = Registration(
                id=new_id(),
                bookable_id=session,
                bookable_kind="session",
                person_id=people[(turn + n * 131) % len(people)],
                status=status,
                asked_at=moment,
                quotas=(session,),
                number=self._numbers[session] if status is Status.WAITING else None,
                expires_at=now() + 7 * DAY if status in (Status.OFFERED, Status.HELD) else None,
                confirmed_at=moment if status is Status.CONFIRMED else None,
                ended_at=moment if status is Status.CANCELLED else None,
                ended_by=Ending.HOLDER if status is Status.CANCELLED else None,
                version=1,
            )
            self._taken[session] += one.seats
            self._waiting[session] += one.waits
            if status is Status.CONFIRMED:
                self.holders[self.gates[n % SESSIONS % GATES]].append((one.id, session))
            yield one

    async def _programme(self) -> None:
        sessions, gates = self._provided[Sessions], self._provided[Gates]
        assert isinstance(sessions, Sessions)
        assert isinstance(gates, Gates)
        edition, activity = new_id(), new_id()
        starts = now() + timedelta(hours=1)
        facts = SessionFacts(
            venue_id=new_id(),
            starts_at=starts,
            ends_at=starts + DAY,
            capacity=ROOM,
            opens_at=now() - 5 * DAY,
            closes_at=starts,
        )
        place = Place(name=Localized(vi="Thư viện Hà Nội"), address="47 Bà Triệu", capacity=None)
        documents = [
            sessions.document(
                Session(
                    id=key,
                    edition_id=edition,
                    activity_id=activity,
                    title=Localized(vi="Xưởng giấy dó", en="Dó paper workshop"),
                    place=place,
                    facts=facts,
                    published=True,
                    changed_at=now(),
                    version=1,
                )
            )
            for key in self.sessions
        ]
        await sessions.documents.insert_many(documents)
        for n, key in enumerate(self.gates):
            mine = frozenset(self.sessions[n::GATES])
            gate = Gate(
                id=key,
                edition_id=edition,
                facts=GateFacts(name=f"Cổng {n + 1}", sessions=mine),
                changed_at=now(),
                version=1,
            )
            await gates.documents.insert_one(gates.document(gate))

    async def _pools(self) -> None:
        places = self._provided[QuotaStore]
        assert isinstance(places, QuotaStore)

        offer = SeatOffer("session", ROOM, (TicketKindFacts(),), now() - 5 * DAY, now() + DAY)

        async def open_(tx: Tx, part: list[tuple[int, UUID]]) -> None:
            for n, key in part:
                await places.open(tx, key, offer)
                taken, waiting = self._taken[key], self._waiting[key]
                places.write_quota(tx, Quota(key, taken if n % 2 == 0 else ROOM, taken, waiting))

        numbered = iter(enumerate(self.sessions))
        while part := list(islice(numbered, 200)):
            await self.mongo.transaction(partial(open_, part=part))
        line = self.mongo.collection("bookable_terms")
        await asyncio.gather(
            *(
                line.update_one({"_id": key}, {"$set": {"last_number": last}})
                for key, last in self._numbers.items()
                if last
            )
        )
