"""The programme office at work."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr

from services.programme.app import build
from services.programme.settings import Settings
from shared.clock import now
from shared.mongo import Mongo
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.mongod import Mongod
from shared.testing.running import Running, running
from tests.conftest import NO_BROKER
from tests.helping.clock import StandingClock, clock_of
from tests.helping.database import empty, kept

API = frozenset({ProcessRole.API})


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
async def programme(at_work: Running, shelf: Mongo) -> Running:
    """The service as on its first day, at the present moment."""
    await empty(shelf)
    clock_of(at_work).at = now()
    return at_work


@pytest.fixture
async def settings(programme: Running) -> Settings:
    """For a service of one's own beside that one, over the same (empty) database."""
    return cast(Settings, programme.platform.settings)


@pytest.fixture
def clock(programme: Running) -> StandingClock:
    return clock_of(programme)


@pytest.fixture
async def officer(programme: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with programme.as_(Role.OFFICER) as client:
        yield client


@pytest.fixture
async def public(programme: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with programme.anonymous() as client:
        yield client


def agency(slug: str = "so-van-hoa", **changes: Any) -> dict[str, Any]:
    return {"slug": slug, "name": {"vi": "Sở Văn hóa và Thể thao"}, "kind": "city", **changes}


def initiative(slug: str = "trung-tam-thiet-ke", **changes: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": {"vi": "Trung tâm thiết kế sáng tạo Hà Nội"},
        "scope": "local",
        "sdgs": [11, 8],
        **changes,
    }


async def add(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> str:
    """The new thing's id."""
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@dataclass
class Plan:
    """An initiative and two agencies: what a work item hangs on."""

    client: httpx.AsyncClient
    initiative: str
    lead: str
    partner: str

    def item(self, due_on: str = "2027-06-30", **changes: Any) -> dict[str, Any]:
        return {
            "initiative_id": self.initiative,
            "title": {"vi": "Mở giai đoạn một tại Bảo tàng Hà Nội"},
            "commitment": "Thành lập Trung tâm thiết kế sáng tạo",
            "lead": self.lead,
            "co_ordinators": [self.partner],
            "due_on": due_on,
            **changes,
        }

    async def add(self, due_on: str = "2027-06-30", **changes: Any) -> str:
        return await add(self.client, "/v1/work-items", self.item(due_on, **changes))

    async def list(self, **query: Any) -> list[dict[str, Any]]:
        answer = await self.client.get("/v1/work-items", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]


@pytest.fixture
async def plan(officer: httpx.AsyncClient) -> Plan:
    return Plan(
        officer,
        await add(officer, "/v1/initiatives", initiative()),
        await add(officer, "/v1/agencies", agency()),
        await add(officer, "/v1/agencies", agency("hoi-kien-truc-su", kind="association")),
    )
