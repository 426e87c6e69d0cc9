"""Refresh tokens: each is good once; one that is shown twice was copied, and ends the sign-in."""

import asyncio
from datetime import timedelta
from typing import Literal

import httpx
import pytest

from services.registry.app import build
from services.registry.settings import Settings
from services.registry.sign_in.rules import DeviceSignIn, RefreshRefused, hash_token, refresh
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import running
from shared.testing.scenarios import NOON
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions
from tests.registry.conftest import API, Door

EMAIL = "hoang.thi.ngoc@hanoi.example"


def refused(answer: httpx.Response) -> bool:
    assert answer.status_code in (200, 401), answer.text
    if answer.status_code == 401:
        assert answer.json()["code"] == "signin.refresh_refused"
    return answer.status_code == 401


async def test_a_refresh_gives_new_tokens_that_work(door: Door) -> None:
    first = await door.sign_in(EMAIL)
    answer = await door.refresh(first["refresh_token"])
    assert answer.status_code == 200
    second = answer.json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["person"] == first["person"]
    assert (await door.me(second["access_token"])).json() == first["person"]
    assert not refused(await door.refresh(second["refresh_token"]))


async def test_a_token_shown_again_ends_the_sign_in_and_the_newest_token_with_it(
    door: Door,
) -> None:
    first = (await door.sign_in(EMAIL))["refresh_token"]
    second = (await door.refresh(first)).json()["refresh_token"]
    third = (await door.refresh(second)).json()["refresh_token"]
    assert refused(await door.refresh(first))
    assert refused(await door.refresh(third)), "the thief may be the one who holds the newest"
    assert refused(await door.refresh(second))


async def test_another_sign_in_of_the_same_person_goes_on(door: Door) -> None:
    phone = (await door.sign_in(EMAIL))["refresh_token"]
    laptop = (await door.sign_in(EMAIL))["refresh_token"]
    await door.refresh(phone)
    assert refused(await door.refresh(phone))
    assert not refused(await door.refresh(laptop))


async def test_signing_out_ends_this_sign_in_alone(door: Door) -> None:
    phone = (await door.sign_in(EMAIL))["refresh_token"]
    laptop = (await door.sign_in(EMAIL))["refresh_token"]
    answer = await door.client.post("/v1/sign-in/end", json={"refresh_token": phone})
    assert answer.status_code == 204
    assert refused(await door.refresh(phone))
    assert not refused(await door.refresh(laptop))


async def test_somebody_elses_secret_signs_nobody_out(door: Door) -> None:
    mine = (await door.sign_in(EMAIL))["refresh_token"]
    guess = f"{mine.split('.')[0]}.guess"
    answer = await door.client.post("/v1/sign-in/end", json={"refresh_token": guess})
    assert answer.status_code == 204
    assert not refused(await door.refresh(mine))


async def test_a_sign_in_that_is_used_stays_and_one_that_is_not_runs_out(
    door: Door, clock: StandingClock
) -> None:
    used, unused = [(await door.sign_in(EMAIL))["refresh_token"] for _ in range(2)]
    clock.forward(days=29)
    used = (await door.refresh(used)).json()["refresh_token"]
    clock.forward(days=1, milliseconds=-1)
    used = (await door.refresh(used)).json()["refresh_token"]
    clock.forward(milliseconds=1)
    assert refused(await door.refresh(unused)), "thirty days to the millisecond"
    assert not refused(await door.refresh(used))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "nonsense",
        "nonsense.secret",
        pytest.param(f"{new_id()}.secret", id="of an unknown session"),
        pytest.param(f"{new_id()}", id="without a secret"),
        "ấ.ẩ",
    ],
)
async def test_what_is_no_token_of_ours_is_refused(door: Door, token: str) -> None:
    assert refused(await door.refresh(token))
    answer = await door.client.post("/v1/sign-in/end", json={"refresh_token": token})
    assert answer.status_code in (204, 401)


async def test_only_a_hash_of_the_token_is_kept(door: Door) -> None:
    secret = (await door.sign_in(EMAIL))["refresh_token"].split(".")[1]
    row = await door.mongo.collection("sign_ins").find_one()
    assert secret not in repr(row)
    assert row is not None
    assert row["token_hash"] == hash_token(secret)


async def test_roles_given_meanwhile_come_with_the_next_refresh(door: Door) -> None:
    mine = await door.sign_in(EMAIL)
    async with door.running.as_(Role.ADMIN) as admin:
        await admin.put(f"/v1/people/{mine['person']['id']}/roles", json={"roles": ["gate"]})
    fresh = (await door.refresh(mine["refresh_token"])).json()
    assert fresh["person"]["roles"] == ["gate"]
    async with door.running.anonymous() as client:
        headers = {"Authorization": f"Bearer {fresh['access_token']}"}
        assert (await client.get("/v1/me", headers=headers)).json()["roles"] == ["gate"]


async def _refreshed_twice(door: Door) -> int:
    """The same token shown twice at the same moment; how often it was taken."""
    token = (await door.sign_in(EMAIL))["refresh_token"]
    answers = await asyncio.gather(door.refresh(token), door.refresh(token))
    taken = [answer.json() for answer in answers if not refused(answer)]
    for tokens in taken:
        if len(taken) == 1:
            assert refused(await door.refresh(tokens["refresh_token"])), "the sign-in has ended"
    return len(taken)


async def test_two_refreshes_at_the_same_moment_never_both_succeed(door: Door) -> None:
    for _ in range(8):
        assert await _refreshed_twice(door) == 1


async def test_control_without_transactions_both_succeed(settings: Settings) -> None:
    careless = without_transactions(build)
    async with running(careless, settings, roles=API) as registry, registry.anonymous() as client:
        found = [await _refreshed_twice(Door(registry, client)) for _ in range(8)]
    assert 2 in found


MONTH = timedelta(days=30)


def a_sign_in(ended: Literal["signed_out", "token_reused"] | None = None) -> DeviceSignIn:
    return DeviceSignIn(
        id=new_id(),
        person_id=new_id(),
        token_hash=hash_token("một"),
        began_at=NOON,
        expires_at=NOON + MONTH,
        ended=ended,
    )


def test_by_the_rule_a_good_token_is_replaced_and_the_month_begins_anew() -> None:
    after = refresh(a_sign_in(), "một", "hai", NOON + MONTH / 2, MONTH)
    assert (after.token_hash, after.ended) == (hash_token("hai"), None)
    assert after.expires_at == NOON + MONTH / 2 + MONTH


def test_by_the_rule_a_spent_token_ends_the_sign_in() -> None:
    after = refresh(a_sign_in(), "không", "hai", NOON, MONTH)
    assert (after.ended, after.token_hash) == ("token_reused", hash_token("một"))


@pytest.mark.parametrize("found", [None, a_sign_in("signed_out"), a_sign_in("token_reused")])
def test_by_the_rule_what_has_ended_or_never_was_is_refused(found: DeviceSignIn | None) -> None:
    with pytest.raises(RefreshRefused):
        refresh(found, "một", "hai", NOON, MONTH)
