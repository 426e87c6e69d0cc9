"""Follow-ups of forums: heard by the bus, in any order, and made work items once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from services.programme.app import build
from services.programme.settings import Settings
from shared.bus.publisher import Publisher
from shared.contracts.events import OutcomeRecorded
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running, running
from shared.testing.waiting import eventually
from shared.text import Localized, LocalizedProse
from tests.helping.guards import without_transactions
from tests.programme.bus import Bus, wire
from tests.programme.conftest import API, Plan, add, agency, initiative

TITLE = Localized(vi="Thư viện mẫu hoa văn dùng chung", en="A shared pattern library")


def outcome(key: UUID, **changes: Any) -> OutcomeRecorded:
    fields: dict[str, Any] = {
        "outcome_id": key,
        "session_id": new_id(),
        "edition_id": new_id(),
        "kind": "follow_up",
        "title": TITLE,
        "text": LocalizedProse(vi="Các thành phố góp mẫu hoa văn của làng nghề."),
        "responsible": "so-van-hoa",
        "due_on": "2027-06-30",
    }
    return OutcomeRecorded.model_validate(fields | changes)


@pytest.fixture
async def bus(mongodb_url: str, amqp_url: str, database: str) -> AsyncIterator[Bus]:
    settings = Settings(
        mongodb_url=SecretStr(mongodb_url),
        amqp_url=SecretStr(amqp_url),
        mongodb_database=database,
        retry_after=(0.2, 0.3),
        reconnect_pause=0.1,
    )
    publisher = Publisher(amqp_url, "test", 5)
    yield Bus(settings, publisher)
    await publisher.close()


async def listed(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/follow-ups", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def dealt_with(service: Running, events: int) -> None:
    rows = service.platform.mongo.collection("inbox")

    async def noted() -> bool:
        return await rows.count_documents({}) >= events

    await eventually(noted, f"{events} events to be dealt with")


async def test_what_a_forum_said_comes_late_twice_and_in_any_order(bus: Bus) -> None:
    corrected, mistaken, undated, declared, turned = (new_id() for _ in range(5))
    async with bus.counting() as service, service.as_(Role.OFFICER) as officer:
        await bus.send(
            wire(outcome(corrected, due_on="2027-12-31"), 3),
            wire(outcome(mistaken), 1),
            wire(outcome(undated, due_on=None), 1),
            wire(outcome(declared, kind="declaration"), 1),
            wire(outcome(turned, kind="recommendation"), 1),
            times=2,
        )
        await dealt_with(service, 5)
        await bus.send(
            wire(outcome(corrected, due_on="2027-01-31"), 2),  # older, and later on the way
            wire(outcome(mistaken, withdrawn=True), 2),
            wire(outcome(turned, due_on="2028-01-01"), 2),
            times=2,
        )
        await dealt_with(service, 8)
        found = [(UUID(one["id"]), one["due_on"]) for one in await listed(officer)]
    assert found == [(corrected, "2027-12-31"), (turned, "2028-01-01"), (undated, None)]


async def heard(service: Running, **changes: Any) -> str:
    """A follow-up as if its event had been dealt with; its id."""
    key = new_id()
    [store] = [p for p in service.process.service.provides if type(p).__name__ == "FollowUps"]
    await service.platform.mongo.transaction(lambda tx: store.learn(tx, outcome(key, **changes), 1))
    return str(key)


def charge(plan: Plan, **changes: Any) -> dict[str, Any]:
    item = plan.item()
    kept = ("initiative_id", "commitment", "lead", "co_ordinators")
    return {name: item[name] for name in kept} | changes


async def test_an_officer_makes_a_work_item_of_it_with_one_call(
    programme: Running, plan: Plan
) -> None:
    key = await heard(programme)
    path = f"/v1/follow-ups/{key}/adoption"
    once = {"Idempotency-Key": "nhan-viec"}
    made = await plan.client.post(path, json=charge(plan), headers=once)
    assert made.status_code == 201, made.text
    item = made.json()
    assert (item["source"], item["status"]) == (key, "planned")
    assert (item["facts"]["due_on"], item["facts"]["title"]["vi"]) == ("2027-06-30", TITLE.vi)
    again = await plan.client.post(path, json=charge(plan), headers=once)
    assert again.json() == item
    other = await plan.client.post(path, json=charge(plan))
    assert (other.status_code, other.json()["code"]) == (409, "follow_up.adopted")
    assert [one["id"] for one in await plan.list()] == [item["id"]]
    [kept] = await listed(plan.client, adopted=True)
    assert kept["work_item_id"] == item["id"]
    assert await listed(plan.client, adopted=False) == []


async def test_a_correction_keeps_the_work_item_and_the_promise(
    programme: Running, plan: Plan
) -> None:
    key = UUID(await heard(programme))
    made = await plan.client.post(f"/v1/follow-ups/{key}/adoption", json=charge(plan))
    [store] = [p for p in programme.process.service.provides if type(p).__name__ == "FollowUps"]
    later = outcome(key, due_on="2028-02-29")
    await programme.platform.mongo.transaction(lambda tx: store.learn(tx, later, 2))
    [kept] = await listed(plan.client)
    assert (kept["due_on"], kept["work_item_id"]) == ("2028-02-29", made.json()["id"])
    [item] = await plan.list()
    assert item["facts"]["due_on"] == "2027-06-30"


async def test_what_an_adoption_lacks_is_said(programme: Running, plan: Plan) -> None:
    undated = await heard(programme, due_on=None)
    path = f"/v1/follow-ups/{undated}/adoption"
    refused = await plan.client.post(path, json=charge(plan))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/due_on"
    assert (await plan.client.post(path, json=charge(plan, lead=plan.partner))).status_code == 422
    assert (await plan.client.post(path, json=charge(plan, lead=str(new_id())))).status_code == 404
    assert await plan.list() == []
    dated = await plan.client.post(path, json=charge(plan, due_on="2027-03-01"))
    assert dated.status_code == 201
    for gone in (str(new_id()), await heard(programme, withdrawn=True)):
        answer = await plan.client.post(f"/v1/follow-ups/{gone}/adoption", json=charge(plan))
        assert (answer.status_code, answer.json()["code"]) == (404, "follow_up.unknown")


async def _adopted_at_one_instant(service: Running) -> tuple[list[int], int]:
    """What eight officers are told who adopt one follow-up at once, and the work items made."""
    async with service.as_(Role.OFFICER) as officer:
        plan = Plan(
            officer,
            await add(officer, "/v1/initiatives", initiative()),
            await add(officer, "/v1/agencies", agency()),
            await add(officer, "/v1/agencies", agency("hoi-kien-truc-su", kind="association")),
        )
        path = f"/v1/follow-ups/{await heard(service)}/adoption"
        answers = await asyncio.gather(*(officer.post(path, json=charge(plan)) for _ in range(8)))
        return sorted(answer.status_code for answer in answers), len(await plan.list())


async def test_of_many_officers_one_adopts(programme: Running) -> None:
    assert await _adopted_at_one_instant(programme) == ([201] + [409] * 7, 1)


async def test_control_without_transactions_several_adopt(settings: Settings) -> None:
    async with running(without_transactions(build), settings, roles=API) as careless:
        assert (await _adopted_at_one_instant(careless))[1] > 1
