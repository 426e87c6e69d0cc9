"""How many codes an address is sent, and that asking tells nothing about who is registered."""

import asyncio

import httpx
import pytest

from services.registry.app import build
from services.registry.settings import Settings
from shared.process import Process
from shared.testing.running import Running, running
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions
from tests.registry.conftest import API, Door, wrong

EMAIL = "pham.quoc.bao@hanoi.example"
OTHER = "do.thi.lan@hanoi.example"


async def _ask(door: Door, email: str = EMAIL) -> httpx.Response:
    return await door.client.post("/v1/sign-in/challenges", json={"email": email})


async def test_ten_codes_an_hour_and_no_more(door: Door) -> None:
    answers = [await _ask(door) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    problem = answers[-1].json()
    assert problem["code"] == "signin.too_many_codes"
    assert answers[-1].headers["retry-after"] == str(problem["retry_after"]) == "3600"
    assert len(await door.letters()) == 10


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_who_is_turned_away_is_told_when_to_come_back(door: Door, language: str) -> None:
    for _ in range(10):
        await _ask(door)
    answer = await door.client.post(
        "/v1/sign-in/challenges", json={"email": EMAIL}, headers={"Accept-Language": language}
    )
    assert "3600" in answer.json()["title"]
    assert ("Hãy thử lại" in answer.json()["title"]) is (language == "vi")


async def test_who_comes_back_when_told_to_is_served(door: Door, clock: StandingClock) -> None:
    for _ in range(10):
        await _ask(door)
        clock.forward(minutes=3, milliseconds=123)
    refused = await _ask(door)
    clock.forward(seconds=int(refused.headers["retry-after"]))
    assert (await _ask(door)).status_code == 202
    assert (await _ask(door)).status_code == 429, "the second of the ten is not an hour old yet"


async def test_the_limit_is_each_addresss_own(door: Door) -> None:
    for _ in range(10):
        await _ask(door)
    assert (await _ask(door)).status_code == 429
    assert (await _ask(door, OTHER)).status_code == 202


async def test_another_spelling_of_the_address_does_not_get_around_the_limit(door: Door) -> None:
    for number in range(10):
        await _ask(door, EMAIL.upper() if number % 2 else EMAIL)
    assert (await _ask(door, "Pham.Quoc.BAO@Hanoi.Example")).status_code == 429


async def _asked_at_once(running: Running) -> int:
    """Twenty-five ask at the same moment; how many codes were sent."""
    async with running.anonymous() as client:
        door = Door(running, client)
        answers = await asyncio.gather(*(_ask(door) for _ in range(25)))
        assert {answer.status_code for answer in answers} <= {202, 429}
        return len(await door.letters())


async def test_asking_many_times_at_once_does_not_get_around_the_limit(registry: Running) -> None:
    assert await _asked_at_once(registry) == 10


async def test_control_without_transactions_it_does(settings: Settings) -> None:
    async with running(without_transactions(build), settings, roles=API) as careless:
        assert await _asked_at_once(careless) > 10


async def test_a_known_and_an_unknown_address_are_answered_alike(door: Door) -> None:
    await door.sign_in(EMAIL)
    known, unknown = await _ask(door, EMAIL), await _ask(door, OTHER)
    assert known.status_code == unknown.status_code == 202
    assert known.json().keys() == unknown.json().keys() == {"challenge_id", "expires_at"}
    assert known.json()["expires_at"] == unknown.json()["expires_at"]
    assert known.headers.keys() == unknown.headers.keys()


async def test_a_known_and_an_unknown_address_are_turned_away_alike(door: Door) -> None:
    await door.sign_in(EMAIL)
    refused = {}
    for email in (EMAIL, OTHER):
        for _ in range(10):
            answer = await _ask(door, email)
        answer = await _ask(door, email)
        refused[email] = answer.json() | {"request_id": None}
    assert refused[EMAIL] == refused[OTHER]


async def test_the_numbers_are_settings(settings: Settings) -> None:
    strict = settings.model_copy(update={"codes_an_hour": 1, "code_attempts": 1})
    async with running(build, strict, roles=API) as started, started.anonymous() as client:
        door = Door(started, client)
        challenge = await door.ask(EMAIL)
        assert (await _ask(door)).status_code == 429
        code = (await door.letters())[0].code
        assert (await door.answer(challenge, wrong(code))).json()["left"] == 0
        assert (await door.answer(challenge, code)).status_code == 410


async def test_the_registry_forgets_who_asked(registry: Running) -> None:
    """Challenges name people who may never have become one: they must leave by themselves."""
    process: Process = registry.process
    mongo = process.service.platform.mongo
    async with registry.anonymous() as client:
        await Door(registry, client).ask(EMAIL)
    holding = [
        name
        for name in await mongo.db.list_collection_names()
        if name not in ("outbox", "people")
        and EMAIL in repr([row async for row in mongo.collection(name).find()])
    ]
    for name in holding:
        indexes = await mongo.collection(name).index_information()
        assert any("expireAfterSeconds" in index for index in indexes.values()), name
    assert holding == ["challenges"]
