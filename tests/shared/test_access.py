"""Who gets in: tokens, issuers, roles; and no route without a rule."""

import asyncio
import base64
import dataclasses
import http.server
import json
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import APIRouter, Depends
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from shared.clock import now
from shared.http.access import SignedIn, anyone
from shared.http.app import NotProvided, UnguardedRoute, create_app
from shared.http.execute import Execute
from shared.http.keys import TrustedKeys, Verifier
from shared.ids import new_id
from shared.process import Process, ProcessRole
from shared.roles import Role
from shared.service import Platform
from shared.settings import Issuer
from shared.signing import KeyRing, new_keys
from shared.stop import Stop
from shared.testing.running import Running, TokenIssuer, running
from shared.testing.waiting import eventually
from tests.conftest import Toy
from tests.shared import notes


@pytest.fixture
async def service(toy_api: Toy) -> AsyncIterator[Running]:
    async with running(notes.build, toy_api, roles=frozenset({ProcessRole.API})) as started:
        yield started


async def status_of(service: Running, authorization: str | bytes | None) -> tuple[int, str]:
    async with service.anonymous() as client:
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = await client.post("/v1/notes", json={"title": str(new_id())}, headers=headers)
        return answer.status_code, answer.json().get("code", "")


REFUSED = (401, "auth.required")


async def test_a_good_token_is_let_in(service: Running) -> None:
    assert (await status_of(service, f"Bearer {service.token_issuer.token(new_id())}"))[0] == 201
    assert (await status_of(service, f"bearer {service.token_issuer.token(new_id())}"))[0] == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": -60},
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"sub": "not-a-uuid"},
        {"sub": None},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
async def test_a_token_with_wrong_claims_is_refused(
    service: Running, changes: dict[str, object]
) -> None:
    seconds = float(str(changes.pop("seconds", 600)))
    token = service.token_issuer.token(new_id(), seconds=seconds, **changes)
    assert await status_of(service, f"Bearer {token}") == REFUSED


async def test_what_is_no_token_is_refused(service: Running) -> None:
    good = service.token_issuer.token(new_id())
    for shown in (
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic abc",
        "Bearer x.y.z",
        "Bearer Đường.a.b".encode(),
        f"Bearer {good[:-3]}",
        f"Bearer {good}.{good}",
        "Bearer " + ".".join(["eyJhbGciOiJFZDI1NTE5In0", "W1tb" * 3000, "c2ln"]),
    ):
        assert await status_of(service, shown) == REFUSED, shown


async def test_a_signature_by_no_key_or_by_the_public_key_is_refused(service: Running) -> None:
    """The two classic forgeries: `alg: none`, and an HMAC whose secret is the public key."""
    claims = base64.urlsafe_b64decode(service.token_issuer.token(new_id()).split(".")[1] + "==")
    kid = service.token_issuer.keys.public.keys[0].kid
    unsigned = b".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=")
        for part in (json.dumps({"alg": "none", "kid": kid}).encode(), claims, b"")
    ).decode()
    public = json.dumps(service.token_issuer.keys.jwks()["keys"][0]).encode()
    hmac = jws.serialize_compact(
        {"alg": "HS256", "kid": kid}, claims, OctKey.import_key(public), algorithms=["HS256"]
    )
    stranger = TokenIssuer()
    forged = stranger.token(new_id())
    for token in (unsigned, hmac, forged):
        assert await status_of(service, f"Bearer {token}") == REFUSED


async def test_a_role_is_asked_for_and_others_do_not_do(service: Running) -> None:
    for role, status in [(Role.SUPPORT, 403), (Role.ORGANISER, 403)]:
        async with service.as_(role) as client:
            assert (await client.delete(f"/v1/notes/{new_id()}")).status_code == status
    async with service.anonymous() as client:
        assert (await client.delete(f"/v1/notes/{new_id()}")).status_code == 401


def test_a_route_without_an_access_rule_does_not_start(toy_api: Toy) -> None:
    open_door = APIRouter()

    @open_door.get("/v1/door")
    async def door() -> None: ...

    service = notes.build(Platform.connect(toy_api))
    with pytest.raises(UnguardedRoute, match="/v1/door"):
        create_app(dataclasses.replace(service, routers=[*service.routers, open_door]))


def test_a_route_that_asks_too_late_does_not_start(toy_api: Toy) -> None:
    late = APIRouter()

    @late.post("/v1/late")
    async def handler(execute: Execute, who: SignedIn) -> None: ...

    service = notes.build(Platform.connect(toy_api))
    with pytest.raises(UnguardedRoute, match="must stand before"):
        create_app(dataclasses.replace(service, routers=[late]))


def test_a_route_that_asks_for_what_nobody_provides_does_not_start(toy_api: Toy) -> None:
    """Also if another dependency asks for it."""

    async def first_note(notes: notes.AllNotes) -> None: ...

    needy = APIRouter(dependencies=[anyone])

    @needy.get("/v1/needy", dependencies=[Depends(first_note)])
    async def handler() -> None: ...

    service = dataclasses.replace(notes.build(Platform.connect(toy_api)), routers=[needy])
    with pytest.raises(NotProvided, match="/v1/needy: nobody provides Notes"):
        Process(dataclasses.replace(service, provides=[]))
    Process(service)


def test_a_dependency_that_only_looks_like_a_rule_is_none(toy_api: Toy) -> None:
    async def looks_official() -> None: ...

    pretender = APIRouter(dependencies=[Depends(looks_official)])

    @pretender.get("/v1/pretend")
    async def handler() -> None: ...

    service = notes.build(Platform.connect(toy_api))
    with pytest.raises(UnguardedRoute):
        create_app(dataclasses.replace(service, routers=[pretender]))


class Keys(http.server.BaseHTTPRequestHandler):
    """An issuer's JWKS address."""

    jwks: dict[str, object]
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200 if self.jwks else 503)
        self.end_headers()
        self.wfile.write(json.dumps(self.jwks).encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def issuer() -> Iterator[tuple[type[Keys], str]]:
    handler = type("TheseKeys", (Keys,), {"jwks": {}, "asked": 0})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler, f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    server.server_close()


async def test_keys_are_fetched_when_needed_and_a_new_one_is_found(
    issuer: tuple[type[Keys], str],
) -> None:
    handler, url = issuer
    old, new = KeyRing(new_keys()), KeyRing(new_keys())
    trusted = TrustedKeys(Issuer(issuer="https://id.example", jwks_url=url, home=True))
    verifier = Verifier([trusted])

    def token(ring: KeyRing) -> str:
        exp = int(now().timestamp()) + 60
        who = str(new_id())
        return ring.sign(
            {"iss": "https://id.example", "aud": "creative-city", "sub": who, "exp": exp}
        )

    handler.jwks = old.jwks()
    await verifier.verify(token(old))
    await verifier.verify(token(old))
    assert handler.asked == 1, "keys are kept"
    handler.jwks = {"keys": [*new.jwks()["keys"], *old.jwks()["keys"]]}
    trusted._tried_at = float("-inf")  # as if the pause between two fetches had passed
    await verifier.verify(token(new))
    await verifier.verify(token(old))
    assert handler.asked == 2
    for _ in range(5):
        with pytest.raises(Exception, match=r"auth\.required"):
            await verifier.verify(token(KeyRing(new_keys())))
    assert handler.asked == 2, "unknown keys do not make us ask again and again"


async def test_an_issuer_that_comes_up_after_us_is_found_within_seconds(
    issuer: tuple[type[Keys], str],
) -> None:
    handler, url = issuer
    verifier = Verifier([TrustedKeys(Issuer(issuer="https://id.example", jwks_url=url))])
    stop = Stop()
    running = asyncio.create_task(verifier.run(stop))

    async def asked() -> bool:
        return handler.asked > 0

    async def found() -> bool:
        return verifier.ready

    await eventually(asked, "it to ask in vain")
    handler.jwks = KeyRing(new_keys()).jwks()
    await eventually(found, "the keys to be known", seconds=4)
    stop.set()
    await running


async def test_another_issuer_is_trusted_by_configuration_and_cannot_name_our_people(
    issuer: tuple[type[Keys], str],
) -> None:
    """Keycloak signs with RS256 and keeps roles in `realm_access.roles`."""
    handler, url = issuer
    key = RSAKey.generate_key(2048, {"use": "sig", "kid": "k"})
    handler.jwks = {"keys": [key.as_dict(private=False)]}
    foreign = Issuer(issuer="https://kc.example", jwks_url=url, roles_claim="realm_access.roles")
    verifier = Verifier([TrustedKeys(foreign)])
    ours = new_id()
    claims = {
        "iss": "https://kc.example",
        "aud": ["account", "creative-city"],
        "sub": str(ours),
        "exp": int(now().timestamp()) + 60,
        "roles": ["admin"],
        "realm_access": {"roles": ["organiser", "offline_access"]},
    }
    token = jws.serialize_compact(
        {"alg": "RS256", "kid": "k"}, json.dumps(claims).encode(), key, algorithms=["RS256"]
    )
    who = await verifier.verify(token)
    assert who.roles == {Role.ORGANISER}, "only the configured claim gives roles, only ours count"
    assert who.person_id != ours
    assert who.person_id == (await verifier.verify(token)).person_id


async def test_while_an_issuers_keys_cannot_be_had_the_answer_is_503(
    issuer: tuple[type[Keys], str], toy_api: Toy
) -> None:
    _, url = issuer
    settings = toy_api.model_copy(
        update={"issuers": (Issuer(issuer="https://id.example", jwks_url=url, home=True),)}
    )
    stranger = KeyRing(new_keys())
    token = stranger.sign({"iss": "https://id.example", "sub": str(new_id())})
    async with running(notes.build, settings, roles=frozenset({ProcessRole.API})) as service:
        assert await status_of(service, f"Bearer {token}") == (503, "unavailable")
