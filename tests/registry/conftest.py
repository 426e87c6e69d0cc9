"""The registry at work, with a clock of its own and its letters read from the outbox."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr

from services.registry.app import build
from services.registry.settings import Settings
from shared.clock import now
from shared.contracts.registry import PersonChallenged
from shared.mongo import Mongo
from shared.process import ProcessRole
from shared.signing import new_keys
from shared.testing.mongod import Mongod
from shared.testing.running import Running, running
from tests.conftest import NO_BROKER
from tests.helping.clock import StandingClock, clock_of
from tests.helping.database import empty, kept
from tests.helping.told import told

API = frozenset({ProcessRole.API})
ISSUER = "https://registry.hanoi.example"


@pytest.fixture(scope="session")
async def shelf(mongod: Mongod) -> AsyncIterator[Mongo]:
    async with kept(mongod.url) as mongo:
        yield mongo


@pytest.fixture(scope="session")
async def at_work(shelf: Mongo, mongod: Mongod) -> AsyncIterator[Running]:
    """One registry for all these tests: putting it together takes longer than most of them."""
    settings = Settings(
        mongodb_url=SecretStr(mongod.url),
        mongodb_database=shelf.db.name,
        amqp_url=NO_BROKER,
        token_issuer=ISSUER,
        signing_keys=SecretStr(new_keys()),
        admin_emails=("Quan.Tri@hanoi.example", "admin@hanoi.example"),
    )
    async with running(build, settings, roles=API, clock=StandingClock(now())) as started:
        yield started


@pytest.fixture
async def registry(at_work: Running, shelf: Mongo) -> Running:
    """The registry as on its first day, at the present moment."""
    await empty(shelf)
    clock_of(at_work).at = now()
    return at_work


@pytest.fixture
async def settings(registry: Running) -> Settings:
    """For a registry of one's own beside that one, over the same (empty) database."""
    return cast(Settings, registry.platform.settings)


@pytest.fixture
def clock(registry: Running) -> StandingClock:
    return clock_of(registry)


@dataclass
class Door:
    """The registry as somebody stands before it who is not signed in yet."""

    running: Running
    client: httpx.AsyncClient

    @property
    def mongo(self) -> Mongo:
        return self.running.platform.mongo

    async def ask(self, email: str, language: str = "vi") -> str:
        """Ask for a code; the challenge's id."""
        answer = await self.client.post(
            "/v1/sign-in/challenges", json={"email": email, "language": language}
        )
        assert answer.status_code == 202, answer.text
        return answer.json()["challenge_id"]

    async def letters(self) -> list[PersonChallenged]:
        """The codes that were sent, the oldest first."""
        return await told(self.mongo, PersonChallenged)

    async def answer(self, challenge: str, code: str) -> httpx.Response:
        return await self.client.post(
            "/v1/sign-in/tokens", json={"challenge_id": challenge, "code": code}
        )

    async def sign_in(self, email: str) -> dict[str, Any]:
        """The tokens, and who it is."""
        challenge = await self.ask(email)
        answer = await self.answer(challenge, (await self.letters())[-1].code)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refresh(self, token: str) -> httpx.Response:
        return await self.client.post("/v1/sign-in/refresh", json={"refresh_token": token})

    async def me(self, access_token: str) -> httpx.Response:
        return await self.client.get("/v1/me", headers=bearer(access_token))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def wrong(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
async def door(registry: Running) -> AsyncIterator[Door]:
    async with registry.anonymous() as client:
        yield Door(registry, client)
