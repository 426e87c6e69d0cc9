"""Entering a call over HTTP: in private, before the deadline, once a person."""

import json

import pytest

from shared.contracts.applications import EntrySubmitted
from shared.ids import new_id
from shared.roles import Role
from tests.applications.conftest import FORM, GOOD, Office, salted
from tests.helping.told import told


async def test_an_entry_is_drafted_redrafted_and_handed_in_for_a_receipt(office: Office) -> None:
    await office.open()
    author = new_id()
    assert (await office.as_(author, "GET", "/entry")).json()["code"] == "entry.unknown"
    first = (await office.draft(author, {"title": "Nháp"})).json()
    second = (await office.draft(author)).json()
    assert first["id"] == second["id"]
    assert (second["status"], second["content"], second["receipt"]) == ("draft", GOOD, None)
    handed_in = await office.submit(author)
    assert handed_in.status_code == 200
    text = json.dumps(GOOD, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert handed_in.json()["receipt"] == salted(handed_in.json(), text)
    assert (await office.as_(author, "GET", "/entry")).json() == handed_in.json()
    (event,) = await told(office.mongo, EntrySubmitted)
    assert (str(event.entry_id), event.person_id) == (first["id"], author)
    assert event.receipt == handed_in.json()["receipt"]


async def test_a_draft_is_its_authors_alone(office: Office) -> None:
    await office.open()
    author = new_id()
    secret = "Ý tưởng chưa ai biết"
    await office.draft(author, {"title": secret})
    others = [new_id(), *office.jurors, *Role]
    paths = ["/entry", "/entries", "", "/ranking", "/v1/calls"]
    for closed in (False, True):
        if closed:
            await office.close()
        for other in others:
            for path in paths:
                answer = await office.as_(other, "GET", path)
                assert secret not in answer.text, (other, path)
    assert (await office.as_(author, "GET", "/entry")).json()["content"] == {"title": secret}


async def test_a_draft_that_was_not_handed_in_is_not_judged(office: Office) -> None:
    await office.open()
    await office.draft(new_id(), {"title": "Không kịp nộp"})
    await office.enter(new_id(), "Đã nộp")
    await office.close()
    assert set(await office.codes()) == {"Đã nộp"}
    row = await office.mongo.collection("entries").find_one({"status": "draft"})
    assert row is not None
    scored = await office.score(office.jurors[0], row["code"], 50, 50)
    assert (scored.status_code, scored.json()["code"]) == (404, "entry.unknown")


@pytest.mark.parametrize(
    ("left", "status"), [(1, 200), (0, 409), (-1, 409)], ids=["before", "at", "after"]
)
async def test_the_deadline_is_by_the_servers_clock(office: Office, left: int, status: int) -> None:
    await office.open()
    author = new_id()
    await office.draft(author)
    office.clock.forward(days=7, milliseconds=-left)
    handed_in = await office.submit(author)
    assert handed_in.status_code == status
    late = await office.draft(new_id())
    assert late.status_code == status
    if status == 409:
        assert handed_in.json()["code"] == late.json()["code"] == "call.not_open"
        assert await told(office.mongo, EntrySubmitted) == []


async def test_a_call_that_opens_later_takes_no_entry_yet(office: Office) -> None:
    opens_at = office.facts()["closes_at"]
    await office.open(opens_at=opens_at, closes_at="2099-01-01T00:00:00Z")
    assert (await office.draft(new_id())).status_code == 409
    office.clock.forward(days=7)
    assert (await office.draft(new_id())).status_code == 200


async def test_an_entry_that_does_not_answer_the_form_is_not_handed_in(office: Office) -> None:
    await office.open()
    author = new_id()
    await office.draft(author, {"title": "ab", "year": "năm nay"})
    answer = await office.submit(author)
    assert (answer.status_code, answer.json()["code"]) == (422, "input.invalid")
    found = {(field["pointer"], field["code"]) for field in answer.json()["errors"]}
    assert found == {("/content/title", "form.minLength"), ("/content/year", "form.type")}
    assert (await office.as_(author, "GET", "/entry")).json()["status"] == "draft"
    await office.draft(author)
    assert (await office.submit(author)).status_code == 200


async def test_an_entry_handed_in_cannot_be_changed_or_handed_in_again(office: Office) -> None:
    await office.open()
    author = new_id()
    await office.enter(author)
    for answer in (await office.draft(author, {"title": "Khác"}), await office.submit(author)):
        assert (answer.status_code, answer.json()["code"]) == (409, "entry.submitted")
    assert (await office.as_(author, "GET", "/entry")).json()["content"] == GOOD
    assert len(await told(office.mongo, EntrySubmitted)) == 1


async def test_handing_in_twice_under_one_key_is_answered_alike(office: Office) -> None:
    await office.open()
    author = new_id()
    await office.draft(author)
    path, key = "/entry/submission", "nop-bai"
    first = await office.as_(author, "POST", path, Idempotency_Key=key)
    second = await office.as_(author, "POST", path, Idempotency_Key=key)
    assert (first.status_code, first.content) == (200, second.content)
    assert len(await told(office.mongo, EntrySubmitted)) == 1


async def test_two_devices_do_not_overwrite_each_others_draft(office: Office) -> None:
    await office.open()
    author = new_id()
    seen = (await office.draft(author)).headers["etag"]
    body = {"content": {"title": "Từ máy tính"}}
    first = await office.as_(author, "PUT", "/entry", body, If_Match=seen)
    assert first.status_code == 200
    second = await office.as_(author, "PUT", "/entry", body | {"x": 1}, If_Match=seen)
    assert second.status_code == 412


async def test_a_juror_may_not_enter_this_call_but_another(office: Office) -> None:
    await office.open()
    refused = await office.draft(office.jurors[0])
    assert (refused.status_code, refused.json()["code"]) == (403, "entry.juror_may_not_enter")
    juror = office.jurors[0]
    office.jurors = [new_id(), new_id()]
    await office.open()
    assert (await office.draft(juror)).status_code == 200


async def test_a_person_may_enter_two_calls_with_two_codes(office: Office) -> None:
    author = new_id()
    entries = set()
    for _ in range(2):
        await office.open(form=FORM)
        entries.add(await office.enter(author))
    assert len(entries) == 2
    assert len(await office.mongo.collection("entries").distinct("code")) == 2


@pytest.mark.parametrize("content", [None, [], "title", 7])
async def test_content_is_an_object(office: Office, content: object) -> None:
    await office.open()
    answer = await office.as_(new_id(), "PUT", "/entry", {"content": content})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/content"


async def test_nobody_enters_a_call_that_is_not_there(office: Office) -> None:
    office.call = str(new_id())
    for answer in (await office.draft(new_id()), await office.submit(new_id())):
        assert (answer.status_code, answer.json()["code"]) == (404, "call.unknown")


async def test_nothing_is_handed_in_by_somebody_who_wrote_nothing(office: Office) -> None:
    await office.open()
    answer = await office.submit(new_id())
    assert (answer.status_code, answer.json()["code"]) == (404, "entry.unknown")
