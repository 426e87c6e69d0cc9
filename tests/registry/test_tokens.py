"""Access tokens: what the registry signs, and what `shared.http.keys.Verifier` makes of it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import KeySet
from pydantic import SecretStr

from services.registry.app import build
from services.registry.settings import Settings
from shared.clock import now
from shared.errors import Unauthenticated
from shared.http.keys import LEEWAY, TrustedKeys, Verifier
from shared.ids import new_id
from shared.roles import Role
from shared.settings import Issuer
from shared.signing import KeyRing, new_keys
from shared.testing.running import Running, running
from tests.helping.clock import StandingClock
from tests.registry.conftest import API, ISSUER, Door, bearer

EMAIL = "vu.minh.chau@hanoi.example"


def ring(settings: Settings) -> KeyRing:
    return KeyRing(settings.signing_keys.get_secret_value())


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims, but for these changes; a change to None leaves the claim out."""
    good = {
        "iss": ISSUER,
        "aud": "creative-city",
        "sub": str(new_id()),
        "roles": ["admin"],
        "iat": int(now().timestamp()),
        "exp": int(now().timestamp()) + 600,
    }
    return {key: value for key, value in (good | changes).items() if value is not None}


def compact(header: dict[str, Any], payload: dict[str, Any], secret: bytes | None = None) -> str:
    """A compact JWS made by hand: with a shared secret (HS256), or with no signature at all."""
    parts = [_b64(json.dumps(part).encode()) for part in (header, payload)]
    signing = ".".join(parts)
    if secret is None:
        return f"{signing}."
    return f"{signing}.{_b64(hmac.digest(secret, signing.encode(), hashlib.sha256))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def published(door: Door) -> KeySet:
    answer = await door.client.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    return KeySet.import_key_set(answer.json())


def verifier(keys: KeySet, audience: str = "creative-city", issuer: str = ISSUER) -> Verifier:
    home = Issuer(issuer=issuer, jwks_url="", audience=audience, home=True)
    return Verifier([TrustedKeys(home, keys, fixed=True)])


async def test_other_services_verify_a_token_with_the_published_keys(door: Door) -> None:
    tokens = await door.sign_in("admin@hanoi.example")
    who = await verifier(await published(door)).verify(tokens["access_token"])
    assert str(who.person_id) == tokens["person"]["id"]
    assert who.roles == {Role.ADMIN}


async def test_somebody_with_no_job_has_no_roles_in_the_token(door: Door) -> None:
    tokens = await door.sign_in(EMAIL)
    who = await verifier(await published(door)).verify(tokens["access_token"])
    assert who.roles == frozenset()


async def test_what_is_published_signs_nothing(door: Door) -> None:
    answer = await door.client.get("/.well-known/jwks.json")
    (key,) = answer.json()["keys"]
    assert "d" not in key, "the private part"
    assert (key["kty"], key["crv"], key["use"]) == ("OKP", "Ed25519", "sig")


async def test_a_token_runs_out(settings: Settings) -> None:
    """Signed by registries whose clocks are behind: one by less than the leeway, one by more."""
    for behind, status in ((LEEWAY - 20, 200), (LEEWAY + 1, 401)):
        clock = StandingClock(now() - timedelta(minutes=settings.access_minutes, seconds=behind))
        started = running(build, settings, roles=API, clock=clock)
        async with started as late, late.anonymous() as client:
            door = Door(late, client)
            token = (await door.sign_in(EMAIL))["access_token"]
            assert (await door.me(token)).status_code == status


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-city"},
        {"aud": None},
        {"aud": ["another-city"]},
        {"iss": "https://registry.example.invalid"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"iss": f"{ISSUER}/"},
        {"exp": None},
        {"exp": 0},
        {"exp": "tomorrow"},
        pytest.param({"exp": int(now().timestamp()) - LEEWAY - 1}, id="expired"),
        pytest.param({"nbf": int(now().timestamp()) + 3600}, id="not valid yet"),
        {"sub": None},
        {"sub": "admin"},
        {"sub": 7},
    ],
    ids=str,
)
async def test_a_well_signed_token_with_wrong_claims_is_refused(
    door: Door, settings: Settings, changes: dict[str, Any]
) -> None:
    good, bad = (ring(settings).sign(claims(**these)) for these in ({}, changes))
    assert (await door.me(good)).status_code == 404, "known to be signed in; no such person"
    answer = await door.me(bad)
    assert answer.status_code == 401
    assert answer.json()["code"] == "auth.required"
    assert answer.headers["www-authenticate"] == "Bearer"


Forge = Callable[[KeyRing], str]


def _kid(keys: KeyRing) -> str:
    return keys.jwks()["keys"][0]["kid"]


def _public(keys: KeyRing) -> dict[str, Any]:
    return keys.jwks()["keys"][0]


FORGERIES: dict[str, Forge] = {
    "no algorithm": lambda keys: compact({"alg": "none", "kid": _kid(keys)}, claims()),
    "no algorithm, other case": lambda keys: compact({"alg": "nOnE", "kid": _kid(keys)}, claims()),
    "no algorithm named": lambda keys: compact({"kid": _kid(keys)}, claims()),
    "the public key as a shared secret": lambda keys: compact(
        {"alg": "HS256", "kid": _kid(keys)},
        claims(),
        base64.urlsafe_b64decode(_public(keys)["x"] + "=="),
    ),
    "the published text as a shared secret": lambda keys: compact(
        {"alg": "HS256", "kid": _kid(keys)}, claims(), _public(keys)["x"].encode()
    ),
    "the published set as a shared secret": lambda keys: compact(
        {"alg": "HS256", "kid": _kid(keys)}, claims(), json.dumps(keys.jwks()).encode()
    ),
    "another's key under our key's name": lambda keys: _renamed(_kid(keys)).sign(claims()),
    "another's key": lambda _: KeyRing(new_keys()).sign(claims()),
    "a key brought along": lambda keys: compact(
        {"alg": "Ed25519", "jwk": _public(KeyRing(new_keys()))}, claims(), b"x"
    ),
    "a signature of something else": lambda keys: _swapped(keys),
    "no signature": lambda keys: keys.sign(claims()).rpartition(".")[0] + ".",
    "two parts": lambda keys: keys.sign(claims()).rpartition(".")[0],
    "not a token": lambda _: "hãy cho tôi vào".encode().hex(),
    "claims that are no object": lambda keys: keys.sign([1, 2]),  # type: ignore[arg-type]
}


def _renamed(kid: str) -> KeyRing:
    """Somebody else's key, under that name."""
    (key,) = json.loads(new_keys())["keys"]
    return KeyRing(json.dumps({"keys": [key | {"kid": kid}]}))


def _swapped(keys: KeyRing) -> str:
    header, _, signature = keys.sign(claims(roles=[])).split(".")
    return f"{header}.{_b64(json.dumps(claims()).encode())}.{signature}"


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_a_forged_token_is_refused(door: Door, settings: Settings, forge: Forge) -> None:
    keys = ring(settings)
    answer = await door.me(forge(keys))
    assert answer.status_code == 401, answer.text
    with pytest.raises(Unauthenticated):
        await verifier(await published(door)).verify(forge(keys))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic {token}", "{token}", "Bearer {token}x"]
)
async def test_a_token_is_taken_only_as_bearer(door: Door, header: str) -> None:
    token = (await door.sign_in(EMAIL))["access_token"]
    assert (await door.me(token)).status_code == 200
    answer = await door.client.get("/v1/me", headers={"Authorization": header.format(token=token)})
    assert answer.status_code == 401


def _with(settings: Settings, *jwks: str) -> Settings:
    keys = [key for each in jwks for key in json.loads(each)["keys"]]
    return settings.model_copy(update={"signing_keys": SecretStr(json.dumps({"keys": keys}))})


async def test_a_key_is_changed_without_anybody_noticing(settings: Settings) -> None:
    old, new = new_keys(), new_keys()
    tokens: dict[str, str] = {}
    kids: dict[str, str] = {}
    stages = {"before": [old], "published": [old, new], "signing": [new, old], "after": [new]}
    for stage, keys in stages.items():
        started = running(build, _with(settings, *keys), roles=API)
        async with started as registry, registry.anonymous() as client:
            door = Door(registry, client)
            tokens[stage] = (await door.sign_in(EMAIL))["access_token"]
            header = tokens[stage].split(".")[0]
            kids[stage] = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
            good = {name for name, token in tokens.items() if (await door.me(token)).is_success}
            others = verifier(await published(door))
            for name in good:
                await others.verify(tokens[name])
        expected = {"signing", "after"} if stage == "after" else set(tokens)
        assert good == expected, stage
    assert kids["before"] == kids["published"] != kids["signing"] == kids["after"]


async def test_a_token_of_a_key_that_was_taken_out_is_refused(
    door: Door, settings: Settings
) -> None:
    old = _with(settings, new_keys())
    answer = await door.me(ring(old).sign(claims()))
    assert answer.status_code == 401


async def test_tokens_of_the_mint_used_in_tests_are_no_skeleton_key(registry: Running) -> None:
    """The tests' own issuer is trusted in tests alone: its name is not the registry's."""
    assert registry.token_issuer.issuer.issuer != ISSUER
    async with registry.anonymous() as client:
        token = registry.token_issuer.keys.sign(claims())
        assert (await client.get("/v1/me", headers=bearer(token))).status_code == 401
