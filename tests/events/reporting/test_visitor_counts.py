"""Visitor counts, with the figures that were published about the edition of 2023."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, venue

DAYS = {"first_day": "2023-11-17", "last_day": "2023-11-28"}


def claim(value: int, source: str, **changes: Any) -> dict[str, Any]:
    return {"value": value, "method": "unstated", "source": {"name": source}, **DAYS} | changes


class Edition2023:
    def __init__(self, key: str, factory: UUID, tower: UUID) -> None:
        self.path, self.factory, self.tower = f"/v1/editions/{key}/counts", factory, tower


@pytest.fixture
async def of_2023(service: Running) -> Edition2023:
    body = edition("2023") | {"starts_on": "2023-11-17", "ends_on": "2023-11-28"}
    async with service.as_(Role.ORGANISER) as organiser:
        key = (await made(organiser, "/v1/editions", body))["id"]
        await made(organiser, f"/v1/editions/{key}/announcement")
    return Edition2023(key, await venue(service), await venue(service))


async def test_two_sources_disagree_and_both_stay(service: Running, of_2023: Edition2023) -> None:
    claims = [
        claim(230_000, "Ban tổ chức"),
        claim(60_000, "Báo cáo tổng kết"),
        claim(200_000, "Ban tổ chức", venue_id=str(of_2023.factory), method="estimate"),
        claim(30_000, "Ban tổ chức", venue_id=str(of_2023.tower), method="clicker"),
        claim(26_000, "Đường sắt", measure="tickets", place="Tàu di sản", method="tickets_sold"),
    ]
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        ids = [(await made(organiser, of_2023.path, body))["id"] for body in claims]
        listed = (await anyone.get(of_2023.path)).json()["items"]
        summary = (await anyone.get(f"{of_2023.path}/summary")).json()
    assert [one["id"] for one in listed] == ids
    assert [one["facts"]["value"] for one in listed] == [230_000, 60_000, 200_000, 30_000, 26_000]
    whole, *places = summary
    assert (whole["venue_id"], whole["place"]) == (None, None)
    assert (whole["lowest"], whole["highest"], whole["disagree"]) == (60_000, 230_000, True)
    assert whole["claims"] == [ids[1], ids[0]]
    figures = {one["venue_id"] or one["place"]: (one["lowest"], one["highest"]) for one in places}
    assert figures == {
        str(of_2023.factory): (200_000, 200_000),
        str(of_2023.tower): (30_000, 30_000),
        "Tàu di sản": (26_000, 26_000),
    }
    told = str(summary)
    for never in (230_000 + 60_000, (230_000 + 60_000) // 2, 200_000 + 30_000 + 26_000):
        assert str(never) not in told, "claims are neither added up nor averaged"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"measure": "visitors"}),
        ({}, {"last_day": "2023-11-26"}),
        ({}, {"place": "Phố đi bộ"}),
        ({"place": "Phố đi bộ"}, {"place": "Phố sách"}),
    ],
    ids=["visits, visitors", "other days", "all, a street", "two streets"],
)
async def test_claims_of_different_things_do_not_disagree(
    service: Running, of_2023: Edition2023, first: dict[str, Any], second: dict[str, Any]
) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        await made(organiser, of_2023.path, claim(230_000, "Ban tổ chức", **first))
        await made(organiser, of_2023.path, claim(60_000, "Báo cáo tổng kết", **second))
        summary = (await organiser.get(f"{of_2023.path}/summary")).json()
    assert [one["disagree"] for one in summary] == [False, False]


async def test_a_claim_is_withdrawn_by_another_record_and_stays(
    service: Running, of_2023: Edition2023
) -> None:
    reason = {"reason": "Đếm trùng hai cổng"}
    async with service.as_(Role.ORGANISER) as organiser, service.anonymous() as anyone:
        wrong = (await made(organiser, of_2023.path, claim(230_000, "Ban tổ chức")))["id"]
        right = (await made(organiser, of_2023.path, claim(60_000, "Ban tổ chức")))["id"]
        path = f"/v1/counts/{wrong}/withdrawal"
        answers = await asyncio.gather(*(organiser.post(path, json=reason) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
        unknown = await organiser.post(f"/v1/counts/{new_id()}/withdrawal", json=reason)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "count.unknown")
        public = {one["id"]: one for one in (await anyone.get(of_2023.path)).json()["items"]}
        staff = {one["id"]: one for one in (await organiser.get(of_2023.path)).json()["items"]}
        [left] = (await anyone.get(f"{of_2023.path}/summary")).json()
    assert (left["lowest"], left["highest"], left["claims"]) == (60_000, 60_000, [right])
    assert public[wrong]["facts"]["value"] == 230_000
    assert public[wrong]["withdrawn"]["reason"] == "Đếm trùng hai cổng"
    assert public[right]["withdrawn"] is None
    assert public[wrong]["recorded_by"] is None, "who recorded it is the office's business"
    assert public[wrong]["withdrawn"]["by"] is None
    assert staff[wrong]["recorded_by"] == staff[wrong]["withdrawn"]["by"] is not None


@pytest.mark.parametrize("guarded", [True, False])
async def test_it_is_the_index_that_lets_only_one_withdraw(
    service: Running, of_2023: Edition2023, guarded: bool
) -> None:
    """The control: without the unique index, all four requests succeed."""
    if not guarded:
        withdrawals = service.platform.mongo.collection("count_withdrawals")
        await withdrawals.drop_index("claim_id_1")
    async with service.as_(Role.ORGANISER) as organiser:
        key = (await made(organiser, of_2023.path, claim(1, "Ban tổ chức")))["id"]
        path, body = f"/v1/counts/{key}/withdrawal", {"reason": "Nhầm"}
        answers = await asyncio.gather(*(organiser.post(path, json=body) for _ in range(4)))
    assert [answer.status_code for answer in answers].count(201) == (1 if guarded else 4)


async def test_the_same_claim_sent_twice_is_recorded_once(
    service: Running, of_2023: Edition2023
) -> None:
    once, body = {"Idempotency-Key": "dem-1"}, claim(30_000, "Ban tổ chức")
    async with service.as_(Role.ORGANISER) as organiser:
        first = await organiser.post(of_2023.path, json=body, headers=once)
        again = await organiser.post(of_2023.path, json=body, headers=once)
        assert first.json() == again.json()
        assert len((await organiser.get(of_2023.path)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"value": -1}, 422),
        ({"method": "guess"}, 422),
        ({"source": {"name": " "}}, 422),
        ({"source": None}, 422),
        ({"last_day": "2023-11-16"}, 422),
        ({"first_day": "17/11/2023"}, 422),
        pytest.param({"venue_id": str(new_id()), "place": "Phố đi bộ"}, 422, id="two places"),
        pytest.param({"venue_id": str(new_id())}, 404, id="an unknown venue"),
    ],
    ids=str,
)
async def test_a_claim_without_method_source_or_sense_is_refused(
    service: Running, of_2023: Edition2023, changes: dict[str, Any], status: int
) -> None:
    async with service.as_(Role.ORGANISER) as organiser:
        answer = await organiser.post(of_2023.path, json=claim(1, "Ai đó") | changes)
        assert answer.status_code == status, answer.text
        assert (await organiser.get(of_2023.path)).json()["items"] == []


async def test_counts_of_a_planned_edition_are_the_offices(service: Running) -> None:
    async with service.as_(Role.ORGANISER) as organiser, service.as_() as somebody:
        key = (await made(organiser, "/v1/editions", edition()))["id"]
        for path in (f"/v1/editions/{key}/counts", f"/v1/editions/{key}/counts/summary"):
            assert (await organiser.get(path)).status_code == 200
            assert (await somebody.get(path)).status_code == 404
