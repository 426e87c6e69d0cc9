"""Work items over HTTP: who does what until when, and which are late by Hanoi's calendar."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from shared.ids import new_id
from tests.helping.clock import StandingClock
from tests.programme.conftest import Plan, add, agency, initiative

# 23:59:59.999 on 30 June in Hanoi, where the day changes at 17:00 UTC.
LAST_MOMENT = datetime(2027, 6, 30, 16, 59, 59, 999_000, tzinfo=UTC)


async def test_a_work_item_goes_from_plan_to_evidence(plan: Plan, clock: StandingClock) -> None:
    clock.at = datetime(2027, 6, 1, tzinfo=UTC)
    key = await plan.add()
    address = f"/v1/work-items/{key}"
    begun = await plan.client.post(f"{address}/beginning")
    assert (begun.json()["status"], begun.json()["days_late"]) == ("under_way", 0)
    put_off = {"due_on": "2027-09-30", "reason": "Chờ bàn giao mặt bằng"}
    revised = (await plan.client.post(f"{address}/revision", json=put_off)).json()
    assert (revised["revised_due_on"], revised["facts"]["due_on"]) == ("2027-09-30", "2027-06-30")
    assert revised["revision_reason"] == "Chờ bàn giao mặt bằng"
    done = await plan.client.post(f"{address}/completion", json={"evidence": "Biên bản số 12"})
    assert (done.json()["status"], done.json()["done_on"]) == ("done", "2027-06-01")
    for path, body in (
        ("beginning", {}),
        ("revision", put_off),
        ("completion", {"evidence": "lần nữa"}),
    ):
        again = await plan.client.post(f"{address}/{path}", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "work_item.done")
    assert await plan.list() == [done.json()]


@pytest.mark.parametrize(
    ("forward", "late", "done_on"),
    [(0, 0, "2027-06-30"), (1, 1, "2027-07-01")],
    ids=["a millisecond before midnight in Hanoi", "at midnight in Hanoi"],
)
async def test_a_day_ends_when_it_ends_in_hanoi(
    plan: Plan, clock: StandingClock, forward: int, late: int, done_on: str
) -> None:
    key = await plan.add("2027-06-30")
    clock.at = LAST_MOMENT
    clock.forward(milliseconds=forward)
    (item,) = await plan.list()
    assert item["days_late"] == late
    assert len(await plan.list(late=True)) == late
    done = await plan.client.post(f"/v1/work-items/{key}/completion", json={"evidence": "Biên bản"})
    assert done.json()["done_on"] == done_on


async def test_what_is_done_is_never_listed_as_late(plan: Plan, clock: StandingClock) -> None:
    key, other = await plan.add("2027-06-30"), await plan.add("2027-06-29")
    clock.at = LAST_MOMENT
    clock.forward(days=100)
    assert {item["id"] for item in await plan.list(late=True)} == {key, other}
    await plan.client.post(f"/v1/work-items/{key}/completion", json={"evidence": "Biên bản"})
    assert {item["id"] for item in await plan.list(late=True)} == {other}
    assert {item["id"]: item["days_late"] for item in await plan.list()} == {key: 0, other: 101}


async def test_a_revision_counts_for_the_list_and_its_order(
    plan: Plan, clock: StandingClock
) -> None:
    first, second = await plan.add("2027-06-01"), await plan.add("2027-06-02")
    clock.at = LAST_MOMENT
    assert [item["id"] for item in await plan.list(late=True)] == [first, second]
    body = {"due_on": "2027-07-31", "reason": "Chờ thẩm định"}
    await plan.client.post(f"/v1/work-items/{first}/revision", json=body)
    assert [item["id"] for item in await plan.list(late=True)] == [second]
    assert [item["id"] for item in await plan.list()] == [second, first]


async def test_two_officers_do_not_overwrite_each_others_revision(plan: Plan) -> None:
    planned = await plan.client.post("/v1/work-items", json=plan.item())
    address = f"/v1/work-items/{planned.json()['id']}/revision"
    seen = {"If-Match": planned.headers["etag"]}
    body = {"due_on": "2027-09-30", "reason": "Chờ mặt bằng"}
    assert (await plan.client.post(address, json=body, headers=seen)).status_code == 200
    stale = await plan.client.post(address, json=body | {"reason": "Khác"}, headers=seen)
    assert stale.status_code == 412
    assert (await plan.list())[0]["revision_reason"] == "Chờ mặt bằng"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("lead", "agency.unknown"),
        ("co_ordinators", "agency.unknown"),
        ("initiative_id", "initiative.unknown"),
    ],
)
async def test_what_a_work_item_names_must_be_there(plan: Plan, field: str, code: str) -> None:
    nothing = str(new_id())
    value = [plan.partner, nothing] if field == "co_ordinators" else nothing
    answer = await plan.client.post("/v1/work-items", json=plan.item(**{field: value}))
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert await plan.list() == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"due_on": "30/06/2027"}, "/due_on"),
        ({"due_on": "2027-06-30T00:00:01Z"}, "/due_on"),
        ({"title": {"vi": " "}}, "/title/vi"),
        ({"commitment": None}, "/commitment"),
        ({"co_ordinators": ["x"]}, "/co_ordinators/0"),
    ],
    ids=str,
)
async def test_a_work_item_that_cannot_be_is_refused(
    plan: Plan, changes: dict[str, Any], pointer: str
) -> None:
    answer = await plan.client.post("/v1/work-items", json=plan.item(**changes))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_the_lead_does_not_co_ordinate_too(plan: Plan) -> None:
    for language, words in (("vi", "Giá trị không hợp lệ."), ("en", "the lead is named among")):
        answer = await plan.client.post(
            "/v1/work-items",
            json=plan.item(co_ordinators=[plan.partner, plan.lead]),
            headers={"Accept-Language": language},
        )
        assert answer.status_code == 422
        assert words in answer.json()["errors"][0]["detail"]


async def test_the_list_is_filtered_by_lead_initiative_and_lateness(
    plan: Plan, officer: httpx.AsyncClient, clock: StandingClock
) -> None:
    festival = await add(officer, "/v1/initiatives", initiative("le-hoi"))
    mine = await plan.add("2027-06-29")
    theirs = await plan.add("2027-06-28", lead=plan.partner, co_ordinators=[])
    third = await plan.add("2027-07-30", initiative_id=festival)
    clock.at = LAST_MOMENT

    async def found(**query: Any) -> list[str]:
        return [item["id"] for item in await plan.list(**query)]

    assert await found() == [theirs, mine, third]
    assert await found(lead=plan.lead) == [mine, third]
    assert await found(lead=plan.partner) == [theirs]
    assert await found(initiative_id=festival) == [third]
    assert await found(late=True) == [theirs, mine]
    assert await found(late=True, lead=plan.lead) == [mine]
    assert await found(late=True, initiative_id=festival) == []
    assert await found(lead=str(new_id())) == []


async def test_pages_follow_each_other_in_the_order_of_dates(plan: Plan) -> None:
    for day in (9, 3, 3, 3, 1, 7, 3):
        await plan.add(f"2027-06-0{day}")
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2}
    while query:
        page = (await plan.client.get("/v1/work-items", params=query)).json()
        found += page["items"]
        query = {"limit": 2, "cursor": page["next"]} if page["next"] else {}
    assert [item["facts"]["due_on"][-1] for item in found] == list("1333379")
    assert len({item["id"] for item in found}) == 7


@pytest.mark.parametrize("path", ["beginning", "revision", "completion"])
async def test_a_work_item_that_is_not_there_is_not_found(
    officer: httpx.AsyncClient, path: str
) -> None:
    body = {"due_on": "2027-06-30", "reason": "x", "evidence": "y"}
    answer = await officer.post(f"/v1/work-items/{new_id()}/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "work_item.unknown")


CASES = pytest.mark.parametrize(
    ("path", "make", "kind"),
    [("/v1/agencies", agency, "agency"), ("/v1/initiatives", initiative, "initiative")],
)


@CASES
async def test_what_was_described_is_read_and_corrected(
    officer: httpx.AsyncClient, public: httpx.AsyncClient, path: str, make: Any, kind: str
) -> None:
    key = await add(officer, path, make())
    address = f"{path}/{key}"
    blind = await officer.put(address, json=make(slug="khac"))
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition.required")
    read = await public.get(address)
    assert [read.json()] == (await public.get(path)).json()
    seen = {"If-Match": read.headers["etag"]}
    corrected = await officer.put(address, json=make(slug="khac"), headers=seen)
    assert corrected.json()["facts"]["slug"] == "khac"
    stale = await officer.put(address, json=make(slug="nua"), headers=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")
    assert (await public.get(address)).json() == corrected.json()


@CASES
async def test_a_slug_names_one_thing_and_nothing_is_made_by_correcting_it(
    officer: httpx.AsyncClient, public: httpx.AsyncClient, path: str, make: Any, kind: str
) -> None:
    await add(officer, path, make())
    taken = await officer.post(path, json=make())
    assert (taken.status_code, taken.json()["code"]) == (409, f"{kind}.slug_taken")
    nowhere = f"{path}/{new_id()}"
    for answer in (
        await officer.put(nowhere, json=make(slug="khac"), headers={"If-Match": '"0"'}),
        await public.get(nowhere),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, f"{kind}.unknown")
    assert len((await public.get(path)).json()) == 1
