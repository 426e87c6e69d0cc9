"""The desk on a real store: batches, bad requests among good ones, two replicas, and no guard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import pytest

from services.events.app import build
from services.events.booking.batching.service import RegistrationService
from services.events.booking.registrations.commands import Cancel, Register
from services.events.booking.registrations.errors import AlreadyRegistered, RegistrationUnknown
from services.events.programme.sessions.rules import SessionUnknown
from services.events.settings import Settings
from shared.errors import DomainError
from shared.http.idempotency import IdempotencyKey, KeyReused, Reply
from shared.ids import new_id
from shared.mongo import Mongo, Tx
from shared.service import Platform
from tests.events.conftest import open_places

T = TypeVar("T")


class Careless(Mongo):
    """Transactions switched off: reads and writes with nothing between them and others."""

    async def transaction(self, work: Callable[[Tx], Awaitable[T]], *, patience: float = 0) -> T:
        tx = Tx(None)  # type: ignore[arg-type]
        result = await work(tx)
        await asyncio.sleep(0.01)  # what another replica needs to read the same
        await tx.flush()
        return result


class Replica:
    """A desk as one process of the service has it."""

    def __init__(self, settings: Settings, kind: type[Mongo] = Mongo) -> None:
        platform = Platform.connect(settings)
        if kind is not Mongo:
            mongo = kind(platform.mongo.client, settings.mongodb_database)
            platform = Platform(settings, mongo, platform.outbox, platform.publisher,
                                platform.clock, platform.replica)  # fmt: skip
        self.mongo = platform.mongo
        self.service = build(platform)
        self.desk = next(p for p in self.service.provides if isinstance(p, RegistrationService))

    async def register(
        self, session: UUID, person: UUID, key: IdempotencyKey | None = None
    ) -> Reply:
        return await self.desk(Register(new_id(), session, person), status=201, idempotency_key=key)

    async def cancel(self, session: UUID, person: UUID) -> Reply:
        return await self.desk(Cancel(session, person), status=200, idempotency_key=None)


@pytest.fixture
async def replica(settings: Settings):
    made = Replica(settings)
    await made.mongo.ensure_indexes(made.service.all_indexes())
    yield made
    await made.mongo.close()


async def tally(mongo: Mongo, session: UUID) -> dict[str, int]:
    rows = mongo.collection("registrations")
    return {
        status: await rows.count_documents({"bookable_id": session, "status": status})
        for status in ("confirmed", "waiting", "cancelled")
    }


async def line(mongo: Mongo, session: UUID) -> list[int]:
    query = {"bookable_id": session, "status": "waiting"}
    return [r["number"] async for r in mongo.collection("registrations").find(query).sort("number")]


async def told(mongo: Mongo, kind: str) -> int:
    query = {"routing_key": f"events.registration.{kind}.v1"}
    return await mongo.collection("outbox").count_documents(query)


async def test_a_rush_fills_every_place_and_no_more(replica: Replica) -> None:
    session = await open_places(replica.mongo, 50)
    await asyncio.gather(*(replica.register(session, new_id()) for _ in range(400)))
    assert await tally(replica.mongo, session) == {"confirmed": 50, "waiting": 350, "cancelled": 0}
    assert await line(replica.mongo, session) == list(range(1, 351))
    assert await told(replica.mongo, "confirmed") == 50
    assert await told(replica.mongo, "waitlisted") == 350


async def test_bad_requests_in_a_batch_fail_alone(replica: Replica) -> None:
    """A duplicate, an unknown session, a stranger's cancellation: the others keep their places."""
    session, nowhere = await open_places(replica.mongo, 10), new_id()
    lan = new_id()
    await replica.register(session, lan)
    results = await asyncio.gather(
        *(replica.register(session, new_id()) for _ in range(4)),
        replica.register(session, lan),
        replica.register(nowhere, new_id()),
        replica.cancel(session, new_id()),
        *(replica.register(session, new_id()) for _ in range(4)),
        return_exceptions=True,
    )
    assert [type(r) for r in results[4:7]] == [
        AlreadyRegistered,
        SessionUnknown,
        RegistrationUnknown,
    ]
    assert all(isinstance(r, Reply) for r in [*results[:4], *results[7:]])
    assert (await tally(replica.mongo, session))["confirmed"] == 9


async def test_one_person_at_once_many_times_registers_once(replica: Replica) -> None:
    session, lan = await open_places(replica.mongo, 10), new_id()
    results = await asyncio.gather(
        *(replica.register(session, lan) for _ in range(30)), return_exceptions=True
    )
    assert sum(isinstance(r, Reply) for r in results) == 1
    assert sum(isinstance(r, AlreadyRegistered) for r in results) == 29


async def test_one_command_at_once_many_times_is_answered_alike(replica: Replica) -> None:
    session, lan = await open_places(replica.mongo, 10), new_id()
    once = IdempotencyKey(lan, "k1", b"same")
    results = await asyncio.gather(*(replica.register(session, lan, once) for _ in range(20)))
    assert len({r.body for r in results}) == 1
    other = IdempotencyKey(lan, "k1", b"other")
    with pytest.raises(KeyReused):
        await replica.register(session, lan, other)
    assert (await tally(replica.mongo, session))["confirmed"] == 1


async def test_the_same_key_for_two_things_in_one_batch_does_one(replica: Replica) -> None:
    one, two, lan = (
        await open_places(replica.mongo, 5),
        await open_places(replica.mongo, 5),
        new_id(),
    )
    results = await asyncio.gather(
        replica.register(one, lan, IdempotencyKey(lan, "k1", b"one")),
        replica.register(two, lan, IdempotencyKey(lan, "k1", b"two")),
        return_exceptions=True,
    )
    assert sorted(type(r).__name__ for r in results) == ["KeyReused", "Reply"]


async def test_seven_who_leave_let_the_first_seven_of_ten_in(replica: Replica) -> None:
    session = await open_places(replica.mongo, 7)
    inside = [new_id() for _ in range(7)]
    waiting = [new_id() for _ in range(10)]
    for person in inside + waiting:
        await replica.register(session, person)
    await asyncio.gather(*(replica.cancel(session, person) for person in inside))
    assert await tally(replica.mongo, session) == {"confirmed": 7, "waiting": 3, "cancelled": 7}
    assert await line(replica.mongo, session) == [8, 9, 10]


async def test_those_who_leave_the_line_while_others_leave_are_passed_over(
    replica: Replica,
) -> None:
    session = await open_places(replica.mongo, 3)
    people = [new_id() for _ in range(12)]
    for person in people:
        await replica.register(session, person)
    leaving = [*people[0:3], *people[3:6]]  # the three inside, and the first three of the line
    await asyncio.gather(*(replica.cancel(session, person) for person in reversed(leaving)))
    assert await tally(replica.mongo, session) == {"confirmed": 3, "waiting": 3, "cancelled": 6}
    assert await line(replica.mongo, session) == [7, 8, 9]


async def test_who_cancelled_may_come_again_at_the_end(replica: Replica) -> None:
    session, lan = await open_places(replica.mongo, 1), new_id()
    await replica.register(session, lan)
    await replica.register(session, new_id())
    await replica.cancel(session, lan)
    again = await replica.register(session, lan)
    assert b'"status":"waiting","' in again.body
    assert await line(replica.mongo, session) == [2]


async def rush(one: Replica, two: Replica, session: UUID, contenders: int) -> None:
    async def ask(replica: Replica, person: UUID) -> None:
        await replica.register(session, person)
        if person.int % 5 == 0:
            await replica.cancel(session, person)

    people = [new_id() for _ in range(contenders)]
    await asyncio.gather(
        *(ask((one, two)[n % 2], person) for n, person in enumerate(people)),
        return_exceptions=True,
    )


async def test_two_replicas_never_oversell_nor_strand(settings: Settings, replica: Replica) -> None:
    other = Replica(settings)
    session = await open_places(replica.mongo, 40)
    await rush(replica, other, session, 300)
    counted = await tally(replica.mongo, session)
    places = await replica.mongo.collection("quotas").find_one({"_id": session})
    assert places is not None
    assert counted["confirmed"] == places["taken"] == 40
    assert counted["waiting"] == places["waiting"] > 0
    assert sum(counted.values()) == 300
    numbers = await line(replica.mongo, session)
    assert len(numbers) == len(set(numbers))
    await other.mongo.close()


async def test_without_transactions_the_same_rush_goes_wrong(
    settings: Settings, replica: Replica
) -> None:
    """Negative control of the test above."""
    one, two = Replica(settings, Careless), Replica(settings, Careless)
    session = await open_places(replica.mongo, 40)
    await rush(one, two, session, 300)
    counted = await tally(replica.mongo, session)
    places = await replica.mongo.collection("quotas").find_one({"_id": session})
    assert places is not None
    wrong = counted["confirmed"] != 40 or counted["waiting"] != places["waiting"]
    assert wrong, "the rush did not even happen: nothing guarded it and nothing broke"
    await one.mongo.close()
    await two.mongo.close()


async def test_a_flush_that_breaks_fails_only_the_request_that_broke_it(
    settings: Settings,
) -> None:
    """Something the rules did not foresee, in one request of many."""
    cursed = new_id()

    def sign(registration: UUID, session: UUID) -> str:
        if registration == cursed:
            raise ZeroDivisionError
        return "ticket"

    made = Replica(settings)
    await made.mongo.ensure_indexes(made.service.all_indexes())
    made.desk._stores = made.desk._stores._replace(sign=sign)
    session = await open_places(made.mongo, 100)
    commands = [Register(new_id(), session, new_id()) for _ in range(40)]
    commands[17] = Register(cursed, session, new_id())
    results = await asyncio.gather(
        *(made.desk(c, status=201, idempotency_key=None) for c in commands), return_exceptions=True
    )
    assert isinstance(results[17], ZeroDivisionError)
    assert not isinstance(results[17], DomainError)
    assert sum(isinstance(r, Reply) for r in results) == 39
    assert (await tally(made.mongo, session))["confirmed"] == 39
    await made.mongo.close()
