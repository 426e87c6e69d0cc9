"""Calls at work: staff who run one, people who enter it, jurors who judge it."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from services.applications.app import build
from services.applications.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.mongo import Mongo
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.mongod import Mongod
from shared.testing.running import Running, running
from tests.conftest import NO_BROKER
from tests.helping.clock import StandingClock, clock_of
from tests.helping.database import empty, kept

API = frozenset({ProcessRole.API})
FORM = {
    "type": "object",
    "properties": {"title": {"type": "string", "minLength": 3}, "year": {"type": "integer"}},
    "required": ["title"],
}
GOOD = {"title": "Sân chơi dưới gầm cầu Long Biên"}


def salted(entry: dict[str, Any], text: str) -> str:
    """The receipt that this text must have got."""
    return hashlib.sha256((entry["salt"] + text).encode()).hexdigest()


@pytest.fixture(scope="session")
async def shelf(mongod: Mongod) -> AsyncIterator[Mongo]:
    async with kept(mongod.url) as mongo:
        yield mongo


@pytest.fixture(scope="session")
async def at_work(shelf: Mongo, mongod: Mongod) -> AsyncIterator[Running]:
    """One service for all these tests: putting it together takes longer than most of them."""
    settings = Settings(
        mongodb_url=SecretStr(mongod.url), mongodb_database=shelf.db.name, amqp_url=NO_BROKER
    )
    async with running(build, settings, roles=API, clock=StandingClock(now())) as started:
        yield started


@pytest.fixture
async def service(at_work: Running, shelf: Mongo) -> Running:
    """The service as on its first day, at the present moment."""
    await empty(shelf)
    clock_of(at_work).at = now()
    return at_work


@pytest.fixture
async def settings(service: Running) -> Settings:
    """For a service of one's own beside that one, over the same (empty) database."""
    return cast(Settings, service.platform.settings)


@pytest.fixture
def office(service: Running) -> "Office":
    return Office(service)


@dataclass
class Office:
    """A call, as those see it who run it, enter it and judge it.

    Every answer it gets is kept: what none of them may say is looked for in all of them.
    """

    running: Running
    jurors: list[UUID] = field(default_factory=lambda: [new_id(), new_id()])
    answers: list[tuple[UUID, httpx.Response]] = field(default_factory=list)
    call: str = ""

    @property
    def clock(self) -> StandingClock:
        return clock_of(self.running)

    @property
    def mongo(self) -> Mongo:
        return self.running.platform.mongo

    def facts(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": {"vi": "Thiết kế không gian sáng tạo", "en": "Design a creative space"},
            "about": "Một cuộc thi của thành phố.",
            "form": FORM,
            "criteria": [
                {"key": "idea", "label": {"vi": "Ý tưởng"}, "weight": 3},
                {"key": "use", "label": {"vi": "Công năng"}, "weight": 1},
            ],
            "jurors": [str(juror) for juror in self.jurors],
            "opens_at": self.clock().isoformat(),
            "closes_at": (self.clock() + timedelta(days=7)).isoformat(),
            **changes,
        }

    async def as_(
        self, who: UUID | Role, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """One request, below the call's own address unless the path begins with /v1."""
        address = path if path.startswith("/v1") else f"/v1/calls/{self.call}{path}"
        role, person = ([who], new_id()) if isinstance(who, Role) else ([], who)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.running.as_(*role, person=person) as client:
            answer = await client.request(method, address, json=body, headers=headers)
        assert answer.status_code < 500, f"{method} {address}: {answer.text[:500]}"
        self.answers.append((person, answer))
        return answer

    async def write(self, **changes: Any) -> httpx.Response:
        return await self.as_(Role.CALLS, "POST", "/v1/calls", self.facts(**changes))

    async def open(self, **changes: Any) -> str:
        written = await self.write(**changes)
        assert written.status_code == 201, written.text
        self.call = written.json()["id"]
        opened = await self.as_(Role.CALLS, "POST", "/opening")
        assert opened.status_code == 200, opened.text
        return self.call

    async def draft(self, author: UUID, content: Any = None) -> httpx.Response:
        return await self.as_(author, "PUT", "/entry", {"content": content or GOOD})

    async def submit(self, author: UUID) -> httpx.Response:
        return await self.as_(author, "POST", "/entry/submission")

    async def enter(self, author: UUID, title: str = GOOD["title"]) -> str:
        """Draft and submit; the entry's id."""
        assert (await self.draft(author, {"title": title})).status_code == 200
        answer = await self.submit(author)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    async def close(self) -> httpx.Response:
        self.clock.forward(days=7)
        return await self.as_(Role.CALLS, "POST", "/closing")

    async def codes(self) -> dict[str, str]:
        """Title to code, as a juror sees them."""
        answer = await self.as_(self.jurors[0], "GET", "/entries")
        assert answer.status_code == 200, answer.text
        return {entry["content"]["title"]: entry["code"] for entry in answer.json()}

    async def score(self, juror: UUID, code: str, idea: int, use: int) -> httpx.Response:
        body = {"scores": {"idea": idea, "use": use}, "comment": "Rất sáng tạo"}
        return await self.as_(juror, "PUT", f"/entries/{code}/score", body)

    async def judged(self, scores: dict[str, int]) -> dict[str, str]:
        """Enter works of these titles, close, have every juror score them so; title to code."""
        for title in scores:
            await self.enter(new_id(), title)
        assert (await self.close()).status_code == 200
        codes = await self.codes()
        for title, points in scores.items():
            for juror in self.jurors:
                answer = await self.score(juror, codes[title], points, points)
                assert answer.status_code == 200, answer.text
        return codes

    async def decide(self, *awarded: str, **headers: str) -> httpx.Response:
        body = {"awarded": list(awarded), "reasons": "Hội đồng thống nhất"}
        return await self.as_(Role.CALLS, "POST", "/decision", body, **headers)
