"""Work that reaches many people: each once, wherever it stops and however many replicas do it."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from shared.clock import now
from shared.errors import Conflict
from shared.fan_out import FanOutJob, Recipients, recipient_id, unless_refused
from shared.ids import new_id
from shared.mongo import InsertOne, Mongo, MongoError, Tx, UpdateOne
from shared.stop import Stop

PAGE = 3


class Readers(Recipients):
    collection = "readers"


class Post(FanOutJob[UUID]):
    """Puts a row for each reader into the collection `read`."""

    name = "post"

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo)
        self.readers = Readers(mongo)
        self._work = mongo.collection("work")
        self._read = mongo.collection("read")

    async def write(self, people: Sequence[UUID]) -> UUID:
        key = new_id()

        async def work(tx: Tx) -> None:
            self.readers.add(tx, key, {person: {} for person in people})
            tx.at_commit(self._work, InsertOne({"_id": key, "finished": False}))

        await self._mongo.transaction(work)
        return key

    async def unfinished(self) -> Sequence[UUID]:
        rows = await self._work.find({"finished": False}).sort("_id", 1).to_list(None)
        return [row["_id"] for row in rows]

    async def page(self, tx: Tx, work: UUID) -> bool:
        waiting = await self.readers.waiting(tx, work, PAGE)
        for row in waiting:
            tx.at_commit(self._read, InsertOne({"work": work, "person": row["person_id"]}))
        self.readers.reached(tx, waiting, now())
        if not waiting:
            tx.at_commit(self._work, UpdateOne({"_id": work}, {"$set": {"finished": True}}))
        return bool(waiting)

    async def finish(self) -> None:
        while await self.look() or await self.unfinished():
            pass

    async def read(self, work: UUID) -> Counter[UUID]:
        rows = await self._read.find({"work": work}).to_list(None)
        return Counter(row["person"] for row in rows)


class MarksAlone(Post):
    """Control: what it does and that it did it are two transactions."""

    async def page(self, tx: Tx, work: UUID) -> bool:
        waiting = await self.readers.waiting(tx, work, PAGE)

        async def read(other: Tx) -> None:
            for row in waiting:
                other.at_commit(self._read, InsertOne({"work": work, "person": row["person_id"]}))

        await self._mongo.transaction(read)
        return await super().page(tx, work) if not waiting else self._mark(tx, waiting)

    def _mark(self, tx: Tx, waiting: Any) -> bool:
        self.readers.reached(tx, waiting, now())
        return True


@pytest.fixture
async def post(mongo: Mongo) -> Post:
    await mongo.ensure_indexes(Readers.indexes())
    return Post(mongo)


async def test_each_is_reached_once(post: Post) -> None:
    people = [new_id() for _ in range(10)]
    work = await post.write(people)
    assert (await post.readers.count(work), await post.readers.count(work, reached=True)) == (10, 0)
    await post.finish()
    assert await post.read(work) == dict.fromkeys(people, 1)
    assert await post.readers.count(work, reached=True) == len(people)
    assert await post.look() is False


async def test_who_is_written_down_twice_is_one_recipient(post: Post, mongo: Mongo) -> None:
    lan, work = new_id(), new_id()
    for details in ({"roles.a": "holder"}, {"roles.b": "holder"}, {"roles.a": "host"}):

        async def add(tx: Tx, details: dict[str, str] = details) -> None:
            post.readers.add(tx, work, {lan: details})

        await mongo.transaction(add)
    [row] = await mongo.collection("readers").find().to_list(None)
    assert row == {
        "_id": recipient_id(work, lan),
        "work_id": work,
        "person_id": lan,
        "reached_at": None,
        "roles": {"a": "host", "b": "holder"},
    }


async def _breaks_off(post: Post, monkeypatch: pytest.MonkeyPatch) -> tuple[UUID, list[UUID]]:
    """Before some commits, after others."""
    people = [new_id() for _ in range(10)]
    work = await post.write(people)
    transaction = post._mongo.transaction
    chance = random.Random(1)  # noqa: S311 - a dice for tests

    async def breaks(doing: Any) -> Any:
        breaking = chance.choice(["before", "after", "never"])
        if breaking == "before":
            raise MongoError(breaking)
        result = await transaction(doing)
        if breaking == "after":
            raise MongoError(breaking)
        return result

    monkeypatch.setattr(post._mongo, "transaction", breaks)
    while await post.unfinished():
        try:
            await post.look()
        except MongoError:
            continue
    return work, people


async def test_it_goes_on_where_it_stopped(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    work, people = await _breaks_off(post, monkeypatch)
    assert await post.read(work) == dict.fromkeys(people, 1)


async def test_control_marked_in_a_transaction_of_its_own_somebody_is_reached_twice(
    post: Post, mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, people = await _breaks_off(MarksAlone(mongo), monkeypatch)
    found = await post.read(work)
    assert found.keys() == set(people)
    assert max(found.values()) > 1


@pytest.mark.parametrize(("kind", "right"), [(Post, True), (MarksAlone, False)])
async def test_several_replicas_at_once_reach_each_once(
    mongo: Mongo, kind: type[Post], right: bool
) -> None:
    replicas = [kind(mongo) for _ in range(3)]
    people = [new_id() for _ in range(12)]
    work = await replicas[0].write(people)
    await asyncio.gather(*(one.finish() for one in replicas))
    assert (await replicas[0].read(work) == dict.fromkeys(people, 1)) is right


async def test_a_large_one_does_not_hold_up_a_small_one(post: Post) -> None:
    large, small = [await post.write([new_id() for _ in range(count)]) for count in (30, 2)]
    assert await post.look() is True
    assert [(await post.read(one)).total() for one in (large, small)] == [PAGE, 2]


async def test_told_to_stop_it_begins_no_further_page(post: Post) -> None:
    stop = Stop()
    works = [await post.write([new_id()]) for _ in range(3)]
    page = post.page

    async def stops(tx: Tx, work: UUID) -> bool:
        stop.set()
        return await page(tx, work)

    post.page = stops  # type: ignore[method-assign]
    await post.run(stop)
    assert [(await post.read(one)).total() for one in works] == [1, 0, 0]


async def test_what_a_rule_refuses_is_left_and_the_rest_is_done() -> None:
    done = []

    async def attempt(number: int) -> None:
        if number % 2:
            raise Conflict
        done.append(number)

    await unless_refused(attempt(number) for number in range(5))
    assert done == [0, 2, 4]

    async def broken() -> None:
        raise MongoError("no primary")

    with pytest.raises(MongoError):
        await unless_refused([broken()])
