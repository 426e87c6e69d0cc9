"""Requests that wait together are done together, and fail apart."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.batcher import Batcher
from shared.errors import Conflict, Unavailable
from shared.mongo import MongoError


class Kitchen:
    """A flush that answers each number with its double, and notes what came together."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def flush(self, orders: Sequence[int]) -> Sequence[int | Exception]:
        await self.open.wait()
        self.batches.append(list(orders))
        if 13 in orders:
            raise ZeroDivisionError
        return [Conflict() if order < 0 else order * 2 for order in orders]


async def test_a_lone_request_does_not_wait_for_company() -> None:
    kitchen = Kitchen()
    assert await Batcher(kitchen.flush)(21) == 42
    assert kitchen.batches == [[21]]


async def test_what_arrives_during_a_flush_goes_into_the_next_in_order() -> None:
    kitchen = Kitchen()
    gather = Batcher(kitchen.flush)
    kitchen.open.clear()
    first = asyncio.create_task(gather(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(gather(n)) for n in range(1, 6)]
    await asyncio.sleep(0)
    kitchen.open.set()
    assert await asyncio.gather(first, *rest) == [0, 2, 4, 6, 8, 10]
    assert kitchen.batches == [[0], [1, 2, 3, 4, 5]]


async def test_no_more_than_so_many_go_together() -> None:
    kitchen = Kitchen()
    gather = Batcher(kitchen.flush, max_batch=4)
    await asyncio.gather(*(gather(n) for n in range(10)))
    assert [len(batch) for batch in kitchen.batches] == [4, 4, 2]


async def test_a_refusal_is_one_requests_own() -> None:
    gather = Batcher(Kitchen().flush)
    answers = await asyncio.gather(*(gather(n) for n in (1, -1, 2)), return_exceptions=True)
    assert [type(a) for a in answers] == [int, Conflict, int]


async def test_what_breaks_a_flush_is_halved_until_it_stands_alone() -> None:
    kitchen = Kitchen()
    gather = Batcher(kitchen.flush)
    orders = [1, 2, 13, 4, 5, 6, 7, 8]
    answers = await asyncio.gather(*(gather(n) for n in orders), return_exceptions=True)
    assert isinstance(answers[2], ZeroDivisionError)
    assert [a for a in answers if isinstance(a, int)] == [2, 4, 8, 10, 12, 14, 16]
    assert len(kitchen.batches) < len(orders), "by halves, not one by one"


async def test_an_outage_is_everybodys_and_is_not_tried_again_and_again() -> None:
    from pymongo.errors import AutoReconnect

    calls = 0

    async def down(orders: Sequence[int]) -> Sequence[int | Exception]:
        nonlocal calls
        calls += 1
        raise AutoReconnect("no primary")

    gather = Batcher(down)
    answers = await asyncio.gather(*(gather(n) for n in range(8)), return_exceptions=True)
    assert all(isinstance(a, MongoError) for a in answers)
    assert calls == 1


async def test_when_the_lane_is_full_more_are_turned_away_with_a_time() -> None:
    kitchen = Kitchen()
    gather = Batcher(kitchen.flush, max_waiting=3)
    kitchen.open.clear()
    under_way = asyncio.create_task(gather(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    inside = [asyncio.create_task(gather(n)) for n in range(1, 4)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await gather(4)
    assert refused.value.retry_after == 1
    kitchen.open.set()
    assert await asyncio.gather(under_way, *inside) == [0, 2, 4, 6]


async def test_somebody_who_left_holds_nobody_up() -> None:
    kitchen = Kitchen()
    gather = Batcher(kitchen.flush)
    kitchen.open.clear()
    tasks = [asyncio.create_task(gather(n)) for n in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    kitchen.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [a for a in answers if isinstance(a, int)] == [0, 4, 6]
