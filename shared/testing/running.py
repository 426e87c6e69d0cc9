"""A service that runs inside a test: routes are called in-process, its loops run as tasks."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import httpx

from shared.clock import Clock, now
from shared.ids import new_id
from shared.process import ALL_ROLES, Process, ProcessRole
from shared.roles import Role
from shared.service import Platform, Service
from shared.settings import Settings
from shared.stop import Stop
from shared.testing.answers import CheckedAnswers
from shared.testing.tokens import TokenIssuer

S = TypeVar("S", bound=Settings)


@dataclass
class Running:
    """A service that runs, and how to call it."""

    process: Process
    token_issuer: TokenIssuer

    @property
    def platform(self) -> "Platform[Settings]":
        return self.process.service.platform

    def as_(self, *roles: Role, person: UUID | None = None) -> httpx.AsyncClient:
        """A client of a person with these roles (a new person, unless one is named)."""
        token = self.token_issuer.token(person or new_id(), *roles)
        return self._client({"Authorization": f"Bearer {token}"})

    def anonymous(self) -> httpx.AsyncClient:
        return self._client({})

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(CheckedAnswers(self.process.app))
        return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)


@asynccontextmanager
async def running(
    build: Callable[[Platform[S]], Service],
    settings: S,
    *,
    roles: frozenset[ProcessRole] = ALL_ROLES,
    clock: Clock = now,
    token_issuer: TokenIssuer | None = None,
) -> AsyncIterator[Running]:
    """The service in these roles, until the block ends. It trusts tokens of its `token_issuer`."""
    token_issuer = token_issuer or TokenIssuer()
    service = build(Platform.connect(settings, clock))
    service = dataclasses.replace(service, trusted=[*service.trusted, token_issuer.trusted()])
    process = Process(service, roles)
    stop = Stop()
    await process.prepare(stop)
    working = asyncio.create_task(process.work(stop))
    try:
        yield Running(process, token_issuer)
    finally:
        stop.set()
        await working
        await process.close()
