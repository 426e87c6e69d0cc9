"""Signing in with a code that was sent to one's address."""

import asyncio

import pytest

from services.registry.app import build
from services.registry.settings import Settings
from shared.contracts.registry import PersonRegistered
from shared.testing.running import running
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions
from tests.helping.told import told
from tests.registry.conftest import API, Door, wrong

EMAIL = "tran.thi.hoa@hanoi.example"


async def test_the_code_in_the_letter_signs_in_and_registers_somebody_new(door: Door) -> None:
    challenge = await door.ask(EMAIL, language="en")
    (letter,) = await door.letters()
    assert (letter.email, letter.language) == (EMAIL, "en")
    answer = await door.answer(challenge, letter.code)
    assert answer.status_code == 200
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    person = tokens["person"]
    assert person["email"] == EMAIL
    assert person["id"] == str(letter.person_id)
    assert (person["language"], person["roles"], person["phone"]) == ("en", [], None)
    (registered,) = await told(door.mongo, PersonRegistered)
    assert (registered.person_id, registered.email) == (letter.person_id, EMAIL)
    assert (await door.me(tokens["access_token"])).json() == person


async def test_nobody_is_registered_by_asking_alone(door: Door) -> None:
    await door.ask(EMAIL)
    assert await told(door.mongo, PersonRegistered) == []


async def test_the_code_is_kept_nowhere_but_in_the_letter(door: Door) -> None:
    await door.ask(EMAIL)
    (letter,) = await door.letters()
    challenge = await door.mongo.collection("challenges").find_one()
    assert letter.code.encode() not in repr(challenge).encode()


async def test_a_wrong_code_counts_down_and_then_even_the_right_one_is_void(door: Door) -> None:
    challenge = await door.ask(EMAIL)
    code = (await door.letters())[0].code
    for left in (4, 3, 2, 1, 0):
        answer = await door.answer(challenge, wrong(code))
        assert answer.status_code == 401
        assert (answer.json()["code"], answer.json()["left"]) == ("signin.code_wrong", left)
    answer = await door.answer(challenge, code)
    assert (answer.status_code, answer.json()["code"]) == (410, "signin.code_void")


async def test_the_last_try_may_still_be_the_right_one(door: Door) -> None:
    challenge = await door.ask(EMAIL)
    code = (await door.letters())[0].code
    for _ in range(4):
        await door.answer(challenge, wrong(code))
    assert (await door.answer(challenge, code)).status_code == 200


async def _guesses(door: Door, count: int) -> int:
    """So many wrong answers at the same moment; how many of them were looked at."""
    challenge = await door.ask(EMAIL)
    code = wrong((await door.letters())[0].code)
    answers = await asyncio.gather(*(door.answer(challenge, code) for _ in range(count)))
    assert {answer.status_code for answer in answers} <= {401, 410}
    return sum(answer.status_code == 401 for answer in answers)


async def test_guesses_made_at_once_are_all_counted(door: Door) -> None:
    assert await _guesses(door, 15) == 5


async def test_control_without_transactions_guesses_made_at_once_are_not_counted(
    settings: Settings,
) -> None:
    careless = without_transactions(build)
    async with running(careless, settings, roles=API) as registry, registry.anonymous() as client:
        assert await _guesses(Door(registry, client), 15) > 5


async def test_a_code_is_good_until_its_time_and_not_a_moment_longer(
    door: Door, clock: StandingClock
) -> None:
    early, late = await door.ask(EMAIL), await door.ask(EMAIL)
    codes = [letter.code for letter in await door.letters()]
    clock.forward(minutes=10, milliseconds=-1)
    assert (await door.answer(early, codes[0])).status_code == 200
    clock.forward(milliseconds=1)
    answer = await door.answer(late, codes[1])
    assert (answer.status_code, answer.json()["code"]) == (410, "signin.code_void")


async def test_a_code_signs_in_once(door: Door) -> None:
    challenge = await door.ask(EMAIL)
    code = (await door.letters())[0].code
    assert (await door.answer(challenge, code)).status_code == 200
    assert (await door.answer(challenge, code)).status_code == 410


async def test_a_code_is_good_for_its_own_challenge_alone(door: Door) -> None:
    mine = await door.ask(EMAIL)
    await door.ask("nguyen.van.an@hanoi.example")
    letters = {letter.email: letter.code for letter in await door.letters()}
    other = letters["nguyen.van.an@hanoi.example"]
    if other != letters[EMAIL]:  # once in a million runs they are alike
        assert (await door.answer(mine, other)).status_code == 401


async def test_an_unknown_challenge_is_void(door: Door) -> None:
    answer = await door.answer("01890000-0000-7000-8000-000000000000", "123456")
    assert answer.status_code == 410


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "", " 123456", "123456\n"])
async def test_what_is_no_code_costs_no_try(door: Door, code: str) -> None:
    challenge = await door.ask(EMAIL)
    answer = await door.answer(challenge, code)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/code"
    right = (await door.letters())[0].code
    assert (await door.answer(challenge, wrong(right))).json()["left"] == 4


async def test_two_challenges_for_a_new_address_end_in_one_person(door: Door) -> None:
    first, second = await door.ask(EMAIL), await door.ask(EMAIL)
    codes = [letter.code for letter in await door.letters()]
    people = [
        (await door.answer(first, codes[0])).json()["person"]["id"],
        (await door.answer(second, codes[1])).json()["person"]["id"],
    ]
    assert people[0] == people[1]
    assert len(await told(door.mongo, PersonRegistered)) == 1


async def test_two_challenges_answered_at_the_same_moment_end_in_one_person(door: Door) -> None:
    first, second = await door.ask(EMAIL), await door.ask(EMAIL)
    codes = [letter.code for letter in await door.letters()]
    answers = await asyncio.gather(door.answer(first, codes[0]), door.answer(second, codes[1]))
    assert [answer.status_code for answer in answers] == [200, 200], answers[-1].text
    assert len({answer.json()["person"]["id"] for answer in answers}) == 1
    assert len(await told(door.mongo, PersonRegistered)) == 1


async def test_addresses_that_differ_in_case_are_one_person(door: Door) -> None:
    first = await door.sign_in("Le.Mai@hanoi.example")
    second = await door.sign_in("le.mai@HANOI.example")
    third = await door.sign_in("LE.MAI@hanoi.example")
    assert first["person"] == second["person"] == third["person"]
    assert len(await told(door.mongo, PersonRegistered)) == 1


async def test_a_domain_in_vietnamese_is_reached_by_its_ascii_form(door: Door) -> None:
    composed = await door.sign_in("hoa@ph\u1ea1m.example")
    decomposed = await door.sign_in("hoa@pha\u0323m.example")
    assert composed["person"]["id"] == decomposed["person"]["id"]
    assert composed["person"]["email"] == "hoa@xn--phm-tgz.example"


@pytest.mark.parametrize(
    "email", ["", "hoa", "hoa@", "@hanoi.example", "a b@hanoi.example", "phạm@hanoi.example"]
)
async def test_what_is_no_address_is_refused_in_both_languages(door: Door, email: str) -> None:
    for language in ("vi", "en"):
        answer = await door.client.post(
            "/v1/sign-in/challenges",
            json={"email": email},
            headers={"Accept-Language": language},
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/email"
        assert answer.headers["content-language"] == language
    assert await door.letters() == []
