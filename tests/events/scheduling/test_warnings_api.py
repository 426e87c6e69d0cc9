"""Warnings over HTTP: they change when any part of the plan changes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.clock import HANOI
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, session, venue

ALL_DAY = [
    {"weekday": day, "opens": "08:00", "closes": "18:00"}
    for day in ("mo", "tu", "we", "th", "fr", "sa", "su")
]


def hours(since: int, until: int) -> dict[str, Any]:
    begins = datetime(2026, 11, 8, since, tzinfo=HANOI)
    return {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=until - since)).isoformat(),
        "opens_at": "2026-10-01T00:00:00Z",
        "closes_at": begins.isoformat(),
    }


class Plan:
    """A talk by Lan in a hall at nine, and a workshop in the library, each two hours long."""

    def __init__(self, organiser: httpx.AsyncClient) -> None:
        self.client = organiser
        self.lan = new_id()

    async def make(self, service: Running) -> None:
        client = self.client
        key = (await made(client, "/v1/editions", edition()))["id"]
        self.path = f"/v1/editions/{key}"
        self.museum, self.library = await venue(service), await venue(service)
        hall = {"name": {"vi": "Hội trường"}, "fire_capacity": 50}
        self.hall = (await made(client, f"/v1/venues/{self.museum}/rooms", hall))["id"]
        complete = {"about": {"vi": "Có", "en": "Yes"}}
        talk = {"title": {"vi": "Tọa đàm", "en": "Talk"}, "kind": "talk"} | complete
        self.talk = (await made(client, f"{self.path}/activities", talk))["id"]
        body = session(self.museum, room_id=self.hall, hosts=[str(self.lan)], **hours(9, 11))
        self.first = await made(client, f"/v1/activities/{self.talk}/sessions", body)
        body = session(self.library, hosts=[str(new_id())], **hours(11, 13))
        self.second = await made(client, f"/v1/activities/{self.talk}/sessions", body)

    async def codes(self, path: str | None = None, **query: Any) -> list[str]:
        answer = await self.client.get(f"{path or self.path}/warnings", params=query)
        assert answer.status_code == 200, answer.text
        items = answer.json() if path else answer.json()["items"]
        return [warning["code"] for warning in items]

    async def change(self, of: dict[str, Any], **changes: Any) -> None:
        path = f"/v1/sessions/{of['id']}"
        read = await self.client.get(path)
        facts = of["facts"] | changes
        tag = {"If-Match": read.headers["etag"]}
        assert (await self.client.put(path, json=facts, headers=tag)).is_success

    async def arrange(self, venue_id: UUID, **facts: Any) -> None:
        path = f"/v1/venues/{venue_id}/arrangement"
        tag = {"If-Match": (await self.client.get(path)).headers["etag"]}
        assert (await self.client.put(path, json=facts, headers=tag)).is_success


@pytest.fixture
async def plan(service: Running) -> Any:
    async with service.as_(Role.ORGANISER) as organiser:
        plan = Plan(organiser)
        await plan.make(service)
        yield plan


async def test_each_part_of_the_plan_is_looked_at(plan: Plan) -> None:
    assert await plan.codes() == []
    lan = str(plan.lan)
    await plan.change(plan.second, hosts=[lan])
    assert await plan.codes() == []
    far = {"ways": [{"venue_id": str(plan.museum), "minutes": 45}]}
    await plan.arrange(plan.library, **far)
    assert await plan.codes() == ["travel_too_short"]
    path = f"{plan.path}/availability/{lan}"
    away = {"intervals": [{k: v for k, v in hours(9, 11).items() if k in ("starts_at", "ends_at")}]}
    said = await plan.client.put(path, json=away, headers={"If-Match": '"0"'})
    assert said.is_success, said.text
    assert await plan.codes() == ["travel_too_short", "person_unavailable"]
    await plan.arrange(plan.museum, weekly=ALL_DAY)
    await plan.arrange(plan.library, weekly=[])
    await plan.change(plan.second, venue_id=str(plan.museum), room_id=plan.hall, setup_minutes=30)
    assert await plan.codes() == ["room_changeover"]
    await plan.change(plan.second, venue_id=str(plan.museum), room_id=plan.hall, capacity=51)
    assert await plan.codes() == ["over_fire_capacity"]


async def test_a_warning_can_be_read_and_found(plan: Plan) -> None:
    changes = {"venue_id": str(plan.museum), "room_id": plan.hall} | hours(10, 12)
    await plan.change(plan.second, hosts=[str(plan.lan)], capacity=60, **changes)
    answer = (await plan.client.get(f"{plan.path}/warnings")).json()
    assert answer["counts"] == {"over_fire_capacity": 1, "person_overlap": 1, "room_overlap": 1}
    first, second = plan.first["id"], plan.second["id"]
    both = [warning for warning in answer["items"] if warning["code"] == "room_overlap"]
    assert both == [
        {
            "code": "room_overlap",
            "severity": "error",
            "session_ids": [first, second],
            "activity_id": None,
            "person_id": None,
            "facts": {"minutes": 60},
            "text": {
                "vi": "“Tọa đàm” và “Tọa đàm” cùng ở Hội trường, Thư viện Hà Nội trong 60 phút.",
                "en": "“Talk” and “Talk” are both in Hội trường, Hanoi Library for 60 minutes.",
            },
        }
    ]
    [twice] = [warning for warning in answer["items"] if warning["code"] == "person_overlap"]
    assert twice["person_id"] == str(plan.lan)
    assert await plan.codes(f"/v1/sessions/{first}") == ["person_overlap", "room_overlap"]
    assert await plan.codes(f"/v1/sessions/{second}") == [
        "person_overlap",
        "room_overlap",
        "over_fire_capacity",
    ]
    assert await plan.codes(code="room_overlap") == ["room_overlap"]
    assert await plan.codes(severity="note") == []
    wrong = await plan.client.get(f"{plan.path}/warnings", params={"code": "rain"})
    assert wrong.status_code == 422


async def test_what_is_missing_is_said_of_the_activity(plan: Plan) -> None:
    bare = {"title": {"vi": "Tham quan"}, "kind": "tour"}
    tour = (await made(plan.client, f"{plan.path}/activities", bare))["id"]
    answer = (await plan.client.get(f"{plan.path}/warnings")).json()
    assert {(warning["activity_id"], warning["code"]) for warning in answer["items"]} == {
        (tour, code)
        for code in ("host_missing", "title_en_missing", "about_missing", "about_en_missing")
    }


async def test_of_what_does_not_exist_there_are_no_warnings(service: Running) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        for kind in ("edition", "session"):
            answer = await organiser.get(f"/v1/{kind}s/{new_id()}/warnings")
            assert (answer.status_code, answer.json()["code"]) == (404, f"{kind}.unknown")


async def test_it_is_the_draft_that_is_looked_at_and_what_is_cancelled_is_not(plan: Plan) -> None:
    first, second = (f"/v1/sessions/{one['id']}" for one in (plan.first, plan.second))
    for path in (first, second):
        await made(plan.client, f"{path}/publication")
    moved = {"venue_id": str(plan.museum), "room_id": plan.hall} | hours(10, 12)
    await plan.change(plan.second, **moved)
    read = (await plan.client.get(second)).json()
    assert read["facts"]["venue_id"] == str(plan.library), "the public is not told yet"
    assert await plan.codes() == ["room_overlap"]
    reason = {"reason": {"vi": "Diễn giả ốm", "en": "The speaker is ill"}}
    await made(plan.client, f"{first}/cancellation", reason)
    assert await plan.codes() == []
    assert await plan.codes(first) == []
