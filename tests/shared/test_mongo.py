"""Transactions: all or nothing, run again when another got in between, once when they commit."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared.ids import new_id
from shared.mongo import ASCENDING, Index, InsertOne, Mongo, MongoError, Tx, duplicated_key
from shared.projections import project


async def test_what_two_transactions_do_to_one_document_adds_up(mongo: Mongo) -> None:
    counter = mongo.collection("counter")
    await counter.insert_one({"_id": 1, "n": 0})
    runs = 0

    async def add_one(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        found = await counter.find_one({"_id": 1}, session=tx.session)
        assert found is not None
        await counter.update_one({"_id": 1}, {"$set": {"n": found["n"] + 1}}, session=tx.session)

    await asyncio.gather(*(mongo.transaction(add_one) for _ in range(20)))
    assert (await counter.find_one()) == {"_id": 1, "n": 20}
    assert runs > 20, "some had to run again: otherwise this shows nothing"


async def test_control_without_a_transaction_additions_are_lost(mongo: Mongo) -> None:
    counter = mongo.collection("counter")
    await counter.insert_one({"_id": 1, "n": 0})

    async def add_one() -> None:
        found = await counter.find_one({"_id": 1})
        assert found is not None
        await counter.update_one({"_id": 1}, {"$set": {"n": found["n"] + 1}})

    await asyncio.gather(*(add_one() for _ in range(20)))
    found = await counter.find_one()
    assert found is not None
    assert found["n"] < 20


async def test_a_transaction_that_fails_leaves_nothing_behind(mongo: Mongo) -> None:
    rows = mongo.collection("rows")

    async def fails(tx: Tx) -> None:
        await rows.insert_one({"a": 1}, session=tx.session)
        tx.at_commit(rows, InsertOne({"a": 2}))
        await tx.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await mongo.transaction(fails)
    assert await rows.count_documents({}) == 0


async def test_what_was_put_off_is_written_with_the_rest_or_not_at_all(mongo: Mongo) -> None:
    one, two = mongo.collection("one"), mongo.collection("two")
    await mongo.ensure_indexes([Index("two", [("k", ASCENDING)], unique=True)])
    await two.insert_one({"k": 1})

    async def clash(tx: Tx) -> None:
        tx.at_commit(one, InsertOne({"a": 1}), InsertOne({"a": 2}))
        tx.at_commit(two, InsertOne({"k": 1}))

    with pytest.raises(MongoError) as failed:
        await mongo.transaction(clash)
    assert duplicated_key(failed.value) == {"k": 1}
    assert await one.count_documents({}) == 0


async def test_a_cancelled_transaction_is_given_up(mongo: Mongo) -> None:
    rows = mongo.collection("rows")
    await rows.insert_one({"_id": 1, "n": 0})
    inside = asyncio.Event()

    async def lingers(tx: Tx) -> None:
        await rows.update_one({"_id": 1}, {"$set": {"n": 1}}, session=tx.session)
        inside.set()
        await asyncio.sleep(3600)

    task = asyncio.create_task(mongo.transaction(lingers))
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await rows.update_one({"_id": 1}, {"$set": {"n": 2}})  # nothing holds the document
    assert (await rows.find_one()) == {"_id": 1, "n": 2}


async def test_dates_come_back_in_utc_and_uuids_as_uuids(mongo: Mongo) -> None:
    rows = mongo.collection("rows")
    key, moment = new_id(), datetime(2026, 11, 23, 12, 0, 0, 123000, tzinfo=UTC)
    await rows.insert_one({"_id": key, "at": moment})
    assert await rows.find_one() == {"_id": key, "at": moment}


async def test_indexes_are_made_once_and_again_without_harm(mongo: Mongo) -> None:
    declared = [
        Index("rows", [("a", ASCENDING)], unique=True, only_where={"a": {"$exists": True}}),
        Index("rows", [("at", ASCENDING)], expire_after=timedelta(days=1)),
    ]
    await mongo.ensure_indexes(declared)
    await mongo.ensure_indexes(declared)
    made = await mongo.collection("rows").index_information()
    assert made["a_1"]["unique"]
    assert made["at_1"]["expireAfterSeconds"] == 86400


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (1, 3, 3)])
async def test_a_projection_keeps_the_newest_whatever_comes_last(
    mongo: Mongo, order: tuple[int, ...]
) -> None:
    rows, key = mongo.collection("rows"), new_id()
    for sequence in order:
        await mongo.transaction(
            lambda tx, s=sequence: project(tx, rows, key, {"title": f"$bản {s}", "n": s}, s)
        )
    assert await rows.find_one() == {"_id": key, "title": "$bản 3", "n": 3, "sequence": 3}
