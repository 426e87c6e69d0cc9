"""Indicators: each fact that counts is counted once, however often and wherever it arrives."""

import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from services.programme.app import build
from services.programme.indicators.rules import COUNTING_RULES, INDICATORS
from services.programme.settings import Settings
from shared.bus.publisher import Publisher
from shared.clock import now
from shared.contracts.applications import EntryDecided
from shared.contracts.base import Event
from shared.contracts.events import RegistrationCancelled, RegistrationConfirmed
from shared.contracts.registry import DesignerApproved
from shared.ids import new_id
from shared.service import Platform, Service
from shared.testing.running import Running
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions
from tests.programme.bus import FACTS, Bus, entry, registration, session, space, wire


async def values(service: Running) -> dict[str, int]:
    """What is published, but for what is nought."""
    async with service.anonymous() as public:
        answer: httpx.Response = await public.get("/v1/indicators")
    assert [item["key"] for item in answer.json()] == [indicator.key for indicator in INDICATORS]
    return {item["key"]: item["value"] for item in answer.json() if item["value"]}


def expected(kinds: Iterable[tuple[Callable[[], Event], str, int]], last: int) -> dict[str, int]:
    """What these facts come to, with so many calls opened last to see that all was handled."""
    totals: dict[str, int] = {"calls": last}
    for _, key, amount in kinds:
        totals[key] = totals.get(key, 0) + amount
    return {key: total for key, total in totals.items() if total}


@pytest.fixture
async def bus(mongodb_url: str, amqp_url: str, database: str) -> AsyncIterator[Bus]:
    settings = Settings(
        mongodb_url=SecretStr(mongodb_url),
        amqp_url=SecretStr(amqp_url),
        mongodb_database=database,
        retry_after=(0.2, 0.3),
        reconnect_pause=0.1,
    )
    publisher = Publisher(amqp_url, "test", 5)
    yield Bus(settings, publisher)
    await publisher.close()


def test_every_fact_that_counts_is_tried_below() -> None:
    tried = {(type(make()), key) for make, key, _ in FACTS}
    assert tried == {(count.event, count.key) for count in COUNTING_RULES}
    assert {key for _, key in tried} == {indicator.key for indicator in INDICATORS}


async def test_every_fact_is_counted_once_though_it_comes_again_and_again(bus: Bus) -> None:
    async with bus.counting() as service:
        bodies = [wire(make()) for make, _, _ in FACTS]
        await bus.send(*bodies, times=2)  # twice in one batch, most likely
        await bus.all_counted(service)
        once = await values(service)
        await bus.send(*bodies, times=2)  # and again much later
        await bus.all_counted(service)
        assert once == expected(FACTS, last=1)
        assert await values(service) == expected(FACTS, last=2)
        assert not any((await service.process.dead_letters.counts()).values())


async def test_a_thing_told_of_again_counts_once(bus: Bus) -> None:
    """Its facts have changed: another event, with a higher sequence."""
    one, other, place, designer = (new_id() for _ in range(4))
    async with bus.counting() as service:
        await bus.send(wire(session(one)), wire(session(one, 80), 2), wire(session(other)))
        await bus.send(wire(space(place)), wire(space(place), 2), wire(space(place), 3))
        for disciplines in (("craft",), ("craft", "graphic")):
            approved = DesignerApproved(designer_id=designer, disciplines=disciplines)
            await bus.send(wire(approved, len(disciplines)))
        await bus.all_counted(service)
        found = await values(service)
    assert found == {"sessions": 2, "spaces": 1, "designers": 1, "calls": 1}


async def test_a_cancellation_gives_back_a_place_only_if_one_was_held(bus: Bus) -> None:
    async with bus.counting() as service:
        for _ in range(3):
            await bus.send(wire(registration(RegistrationConfirmed, ticket="x")))
        for held in (True, False, False):
            await bus.send(wire(registration(RegistrationCancelled, held_place=held)))
        await bus.all_counted(service)
        assert (await values(service))["places"] == 2


async def test_an_indicator_says_when_it_last_moved(bus: Bus) -> None:
    clock = StandingClock(now())
    async with bus.counting(clock=clock) as service:
        await bus.send(wire(space(new_id())))
        await bus.all_counted(service)
        clock.forward(hours=1)
        await bus.send(wire(entry(EntryDecided, outcome="not_awarded")))
        await bus.all_counted(service)
        async with service.anonymous() as public:
            items = {item["key"]: item for item in (await public.get("/v1/indicators")).json()}
    moved = {key: item["as_of"] for key, item in items.items() if item["as_of"] is not None}
    assert set(moved) == {"spaces", "calls"}
    assert moved["spaces"] < moved["calls"]
    assert items["awards"] == {
        "key": "awards",
        "name": {"vi": "Giải thưởng", "en": "Awards given"},
        "value": 0,
        "as_of": None,
    }


async def _counted_by_two(
    bus: Bus, build: Callable[[Platform[Any]], Service]
) -> tuple[dict[str, int], dict[str, int]]:
    """Two replicas, and every event delivered twice: what was counted, and what should have been.

    The broker hands what comes to each in turn, so that they meet the same event, and the same
    thing told of in two events, at the same moment.
    """
    kinds = FACTS * 8
    things = [new_id() for _ in range(15)]
    groups = [[wire(make())] for make, _, _ in kinds]
    groups += [[wire(session(thing, size), size) for size in (1, 2)] for thing in things]
    random.Random(7).shuffle(groups)  # noqa: S311 - the same order in each run
    async with AsyncExitStack() as both:
        first = await both.enter_async_context(bus.counting(build))
        await both.enter_async_context(bus.counting(build))
        for group in groups:
            await bus.send(*group, times=2)
        await bus.all_counted(first)
    async with bus.counting() as after:  # whatever was put off comes now
        await bus.all_counted(after)
        should = expected(kinds, last=2)
        should["sessions"] += len(things)
        return await values(after), should


async def test_two_replicas_count_everything_once_between_them(bus: Bus) -> None:
    counted, should = await _counted_by_two(bus, build)
    assert counted == should


async def test_control_without_transactions_they_count_twice(bus: Bus) -> None:
    counted, should = await _counted_by_two(bus, without_transactions(build))
    assert counted != should
    assert counted["visits"] > should["visits"]
