"""The jury at work over HTTP: this call's jurors alone, final scores, one verdict."""

from typing import Any

import pytest

from shared.contracts.applications import EntryDecided
from shared.ids import new_id
from shared.roles import Role
from tests.applications.conftest import GOOD, Office
from tests.helping.told import told


async def test_a_juror_sees_codes_and_works_and_nothing_else(office: Office) -> None:
    await office.open()
    await office.enter(new_id())
    await office.close()
    for juror in office.jurors:
        (entry,) = (await office.as_(juror, "GET", "/entries")).json()
        assert entry == {"code": entry["code"], "content": GOOD}


async def test_for_everybody_else_there_is_nothing_to_judge(office: Office) -> None:
    await office.open()
    await office.enter(author := new_id())
    await office.close()
    codes = await office.codes()
    other = Office(office.running)  # another call, with jurors of its own
    await other.open()
    for outsider in (author, new_id(), other.jurors[0], *Role):
        for method, path, body in (
            ("GET", "/entries", None),
            ("PUT", f"/entries/{codes[GOOD['title']]}/score", {"scores": {"idea": 1, "use": 1}}),
        ):
            answer = await office.as_(outsider, method, path, body)
            assert (answer.status_code, answer.json()["code"]) == (404, "call.unknown")
    assert await office.mongo.collection("reviews").count_documents({}) == 0


async def test_a_juror_of_one_call_cannot_score_the_entries_of_another(office: Office) -> None:
    other = Office(office.running)
    await other.open()
    foreign = await other.judged({"Bài khác": 90})
    await office.open()
    await office.judged({"Bài một": 90})
    answer = await office.score(office.jurors[0], foreign["Bài khác"], 1, 1)
    assert (answer.status_code, answer.json()["code"]) == (404, "entry.unknown")


async def test_jurors_wait_until_the_call_is_closed_and_go_when_it_is_decided(
    office: Office,
) -> None:
    await office.open()
    await office.enter(new_id(), "Bài một")
    early = await office.as_(office.jurors[0], "GET", "/entries")
    assert (early.status_code, early.json()["code"]) == (409, "call.not_judging")
    codes = await office.judged({})
    for juror in office.jurors:
        await office.score(juror, codes["Bài một"], 50, 50)
    await office.decide()
    late = await office.as_(office.jurors[0], "GET", "/entries")
    assert (late.status_code, late.json()["code"]) == (409, "call.not_judging")
    assert (await office.score(office.jurors[0], codes["Bài một"], 9, 9)).status_code == 409


async def test_a_score_is_final_and_no_other_juror_sees_it(office: Office) -> None:
    await office.open()
    await office.enter(new_id(), "Bài một")
    await office.close()
    code = (await office.codes())["Bài một"]
    lan, minh = office.jurors
    given = await office.score(lan, code, 80, 60)
    assert given.json() == {
        "code": code,
        "scores": {"idea": 80, "use": 60},
        "comment": "Rất sáng tạo",
    }
    again = await office.score(lan, code, 100, 100)
    assert (again.status_code, again.json()["code"]) == (409, "score.final")
    for path in ("/entries", f"/entries/{code}", f"/entries/{code}/score", "/ranking", ""):
        answer = await office.as_(minh, "GET", path)
        assert "Rất sáng tạo" not in answer.text, path
        assert '"scores"' not in answer.text, path


@pytest.mark.parametrize(
    ("scores", "pointer"),
    [
        ({}, "/scores/idea"),
        ({"idea": 50}, "/scores/use"),
        ({"idea": 50, "use": 101}, "/scores/use"),
        ({"idea": -1, "use": 50}, "/scores/idea"),
        ({"idea": 50.5, "use": 50}, "/scores/idea"),
        ({"idea": 50, "use": 50, "$where": 50}, "/scores/$where"),
        ({"idea": 10**30, "use": 50}, "/scores/idea"),
    ],
    ids=str,
)
async def test_a_score_that_is_none_is_refused_and_may_be_given_again(
    office: Office, scores: dict[str, Any], pointer: str
) -> None:
    await office.open()
    await office.enter(new_id(), "Bài một")
    await office.close()
    code = (await office.codes())["Bài một"]
    path = f"/entries/{code}/score"
    answer = await office.as_(office.jurors[0], "PUT", path, {"scores": scores})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await office.score(office.jurors[0], code, 1, 1)).status_code == 200


async def test_there_is_no_ranking_and_no_verdict_before_every_score_is_in(
    office: Office,
) -> None:
    await office.open()
    for title in ("Bài một", "Bài hai"):
        await office.enter(new_id(), title)
    await office.close()
    codes = await office.codes()
    for juror, title in ((0, "Bài một"), (1, "Bài một"), (0, "Bài hai")):
        await office.score(office.jurors[juror], codes[title], 90, 90)
    for answer in (
        await office.as_(Role.CALLS, "GET", "/ranking"),
        await office.decide(codes["Bài một"]),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "call.scores_missing")
        assert answer.json()["missing"] == codes["Bài hai"]
    await office.score(office.jurors[1], codes["Bài hai"], 100, 94)
    ranking = (await office.as_(Role.CALLS, "GET", "/ranking")).json()
    assert [(place["code"], place["score"]) for place in ranking] == [
        (codes["Bài hai"], 94.25),
        (codes["Bài một"], 90.0),
    ]


@pytest.mark.parametrize("winners", [[], ["Bài một"], ["Bài ba", "Bài một"]], ids=len)
async def test_the_jury_may_award_none_one_or_several(office: Office, winners: list[str]) -> None:
    await office.open()
    authors = {title: new_id() for title in ("Bài một", "Bài hai", "Bài ba")}
    for title, author in authors.items():
        await office.enter(author, title)
    codes = await office.judged({})
    for title, code in codes.items():
        for juror in office.jurors:
            await office.score(juror, code, len(title), 50)
    decided = await office.decide(*(codes[title] for title in winners))
    assert decided.status_code == 200, decided.text
    assert decided.json()["status"] == "decided"
    outcomes = {place["code"]: place["awarded"] for place in decided.json()["outcomes"]}
    assert outcomes == {code: title in winners for title, code in codes.items()}
    public = (await office.as_(new_id(), "GET", "")).json()
    assert (public["outcomes"], public["reasons"]) == (
        decided.json()["outcomes"],
        "Hội đồng thống nhất",
    )
    found = {event.person_id: event.outcome for event in await told(office.mongo, EntryDecided)}
    assert found == {
        author: "awarded" if title in winners else "not_awarded"
        for title, author in authors.items()
    }
    for title, author in authors.items():
        mine = (await office.as_(author, "GET", "/entry")).json()
        assert (mine["status"], mine["outcome"]) == ("decided", found[author])
        assert codes[title] not in str(mine)


async def test_a_call_nobody_entered_is_decided_without_a_winner(office: Office) -> None:
    await office.open()
    await office.close()
    decided = await office.decide()
    assert (decided.status_code, decided.json()["outcomes"]) == (200, [])
    assert await told(office.mongo, EntryDecided) == []


async def test_a_code_that_is_none_of_this_calls_wins_nothing(office: Office) -> None:
    other = Office(office.running)
    await other.open()
    foreign = await other.judged({"Bài khác": 90})
    await office.open()
    await office.judged({"Bài một": 90})
    for code in (*foreign.values(), "ABCDEF", ""):
        answer = await office.decide(code)
        assert (answer.status_code, answer.json()["code"]) == (404, "entry.unknown")
    assert await told(office.mongo, EntryDecided) == []


async def test_a_verdict_is_given_once(office: Office) -> None:
    await office.open()
    codes = await office.judged({"Bài một": 90, "Bài hai": 80})
    winner = codes["Bài một"]
    first = await office.decide(winner)
    for again in (await office.decide(winner), await office.decide()):
        assert (again.status_code, again.json()["code"]) == (409, "call.not_judging")
    assert len(await told(office.mongo, EntryDecided)) == 2
    assert (await office.as_(new_id(), "GET", "")).json()["outcomes"] == first.json()["outcomes"]


async def test_before_the_call_is_judged_there_is_no_verdict_and_codes_tell_nothing(
    office: Office,
) -> None:
    await office.open()
    await office.enter(new_id())
    row = await office.mongo.collection("entries").find_one()
    assert row is not None
    for code in (row["code"], "ABCDEF"):
        answer = await office.decide(code)
        assert (answer.status_code, answer.json()["code"]) == (409, "call.not_judging")


async def test_a_verdict_sent_twice_under_one_key_is_told_once(office: Office) -> None:
    await office.open()
    codes = await office.judged({"Bài một": 90})
    body = {"awarded": list(codes.values()), "reasons": "Hội đồng thống nhất"}
    address, key = f"/v1/calls/{office.call}/decision", {"Idempotency-Key": "phan-quyet"}
    async with office.running.as_(Role.CALLS) as staff:
        first = await staff.post(address, json=body, headers=key)
        second = await staff.post(address, json=body, headers=key)
        other = await staff.post(address, json=body | {"awarded": []}, headers=key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.reused")
    assert len(await told(office.mongo, EntryDecided)) == 1
