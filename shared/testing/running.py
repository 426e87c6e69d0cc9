"""A service run inside a test: its routes answered in-process, its relay and consumers as tasks."""

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
from shared.process import EVERYTHING, Part, Process
from shared.roles import Role
from shared.service import Platform, Service
from shared.settings import Settings
from shared.stop import Stop
from shared.testing.answers import CheckedAnswers
from shared.testing.tokens import TokenIssuer

S = TypeVar("S", bound=Settings)


@dataclass
class Running:
    """A service at work, and how to talk to it."""

    process: Process
    mint: TokenIssuer

    @property
    def platform(self) -> "Platform[Settings]":
        return self.process.service.platform

    def as_(self, *roles: Role, person: UUID | None = None) -> httpx.AsyncClient:
        """A client of somebody with these roles (a new person unless one is named)."""
        token = self.mint.token(person or new_id(), *roles)
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
    parts: frozenset[Part] = EVERYTHING,
    clock: Clock = now,
    mint: TokenIssuer | None = None,
) -> AsyncIterator[Running]:
    """The service with these parts, until the block ends. Tokens of its `mint` are trusted."""
    mint = mint or TokenIssuer()
    service = build(Platform.connect(settings, clock))
    service = dataclasses.replace(service, trusted=[*service.trusted, mint.trusted()])
    process = Process(service, parts)
    stop = Stop()
    await process.prepare(stop)
    working = asyncio.create_task(process.work(stop))
    try:
        yield Running(process, mint)
    finally:
        stop.set()
        await working
        await process.close()
