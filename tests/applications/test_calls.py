"""Calls over HTTP: staff write and open them, everybody reads them."""

import hashlib
import json
from typing import Any

import pytest

from shared.contracts.applications import CallOpened
from shared.ids import new_id
from shared.roles import Role
from tests.applications.conftest import Office
from tests.helping.told import told


async def test_a_draft_is_not_there_for_the_public(office: Office) -> None:
    written = await office.write()
    office.call = written.json()["id"]
    nothing = await office.as_(new_id(), "GET", f"/v1/calls/{new_id()}")
    for path in ("", "/entry"):
        hidden = await office.as_(new_id(), "GET", path)
        assert hidden.status_code == 404
        assert hidden.json() | {"request_id": 0} == nothing.json() | {"request_id": 0}
    drafted = await office.draft(new_id())
    assert (drafted.status_code, drafted.json()["code"]) == (404, "call.unknown")
    assert (await office.as_(new_id(), "GET", "/v1/calls")).json()["items"] == []


async def test_the_published_hash_is_of_the_published_rules_and_stays(office: Office) -> None:
    """Anybody can compute it from what is public, with any JSON library."""
    await office.open(about="Thể lệ có dấu: ắ, ộ, đ", form={"type": "object", "maxProperties": 9})
    hashes = set()
    for step in (None, office.enter(new_id()), office.close()):
        if step is not None:
            await step
        call = (await office.as_(new_id(), "GET", "")).json()
        text = json.dumps(call["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert call["rules_hash"] == hashlib.sha256(text.encode()).hexdigest()
        hashes.add(call["rules_hash"])
    (opened,) = await told(office.mongo, CallOpened)
    assert hashes == {opened.rules_hash}


async def test_what_is_answered_at_writing_is_what_is_kept(office: Office) -> None:
    written = await office.write(
        opens_at="2026-12-01T08:00:00.123456+07:00", closes_at="2026-12-20T23:59:00+07:00"
    )
    facts = written.json()["facts"]
    assert facts["opens_at"] == "2026-12-01T01:00:00.123000Z"
    assert facts["closes_at"] == "2026-12-20T16:59:00Z"
    office.call = written.json()["id"]
    assert (await office.as_(Role.CALLS, "POST", "/opening")).json()["facts"] == facts


async def test_a_draft_is_rewritten_from_the_version_one_has_seen(office: Office) -> None:
    written = await office.write()
    office.call = written.json()["id"]
    changed = office.facts(about="Đã sửa")
    blind = await office.as_(Role.CALLS, "PUT", "", changed)
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition.required")
    rewritten = await office.as_(Role.CALLS, "PUT", "", changed, If_Match=written.headers["etag"])
    assert rewritten.json()["facts"]["about"] == "Đã sửa"
    stale = await office.as_(Role.CALLS, "PUT", "", changed, If_Match=written.headers["etag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")


async def test_an_open_call_is_frozen(office: Office) -> None:
    await office.open()
    current = (await office.as_(Role.CALLS, "POST", "/opening")).json()
    assert current["code"] == "call.rules_frozen"
    for tag in ('"1"', '"2"', '"3"'):
        answer = await office.as_(Role.CALLS, "PUT", "", office.facts(about="!"), If_Match=tag)
        assert answer.status_code in (409, 412)
    call = (await office.as_(new_id(), "GET", "")).json()
    assert call["facts"]["about"] == "Một cuộc thi của thành phố."


async def test_opening_twice_under_one_key_opens_once(office: Office) -> None:
    office.call = (await office.write()).json()["id"]
    async with office.running.as_(Role.CALLS) as client:
        address, key = f"/v1/calls/{office.call}/opening", {"Idempotency-Key": "mo-1"}
        first = await client.post(address, headers=key)
        second = await client.post(address, headers=key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert len(await told(office.mongo, CallOpened)) == 1


async def test_a_call_that_was_never_written_is_not_made_by_rewriting_it(office: Office) -> None:
    office.call = str(new_id())
    answer = await office.as_(Role.CALLS, "PUT", "", office.facts(), If_Match='"0"')
    assert (answer.status_code, answer.json()["code"]) == (404, "call.unknown")


async def test_a_call_closes_at_its_deadline_by_the_servers_clock(office: Office) -> None:
    await office.open()
    office.clock.forward(days=7, milliseconds=-1)
    early = await office.as_(Role.CALLS, "POST", "/closing")
    assert (early.status_code, early.json()["code"]) == (409, "call.deadline_ahead")
    deadline = (await office.as_(new_id(), "GET", "")).json()["facts"]["closes_at"]
    assert early.json()["closes_at"].replace("+00:00", "Z")[:19] == deadline[:19]
    office.clock.forward(milliseconds=1)
    assert (await office.as_(Role.CALLS, "POST", "/closing")).json()["status"] == "judging"
    again = await office.as_(Role.CALLS, "POST", "/closing")
    assert (again.status_code, again.json()["code"]) == (409, "call.not_open")


async def test_calls_are_listed_by_deadline_the_latest_first(office: Office) -> None:
    await office.write()  # a draft: not listed
    for day in (3, 1, 2, 2, 5):
        await office.open(closes_at=f"2099-01-0{day}T00:00:00Z")
    found: list[str] = []
    query = "/v1/calls?limit=2"
    while True:
        page = (await office.as_(new_id(), "GET", query)).json()
        found += [call["facts"]["closes_at"][9:10] for call in page["items"]]
        if page["next"] is None:
            break
        query = f"/v1/calls?limit=2&cursor={page['next']}"
    assert found == ["5", "3", "2", "2", "1"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": {"vi": ""}}, "/title/vi"),
        ({"jurors": []}, "/jurors"),
        ({"criteria": []}, "/criteria"),
        ({"closes_at": "2000-01-01T00:00:00Z"}, ""),
        ({"closes_at": "ngày mai"}, "/closes_at"),
        ({"closes_at": "9999-12-31T23:59:59.999Z"}, "/closes_at"),
        ({"form": []}, "/form"),
        ({"form": {"x": float("inf")}}, "/form"),
    ],
    ids=str,
)
async def test_rules_that_cannot_be_are_refused(
    office: Office, changes: dict[str, Any], pointer: str
) -> None:
    async with office.running.as_(Role.CALLS) as staff:
        body = json.dumps(office.facts(**changes))  # httpx itself refuses what JSON does not know
        answer = await staff.post(
            "/v1/calls", content=body, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
