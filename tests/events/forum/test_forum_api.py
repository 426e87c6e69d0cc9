"""A forum: papers from hand-in to presentation, and what its sessions came to."""

from typing import Any

import pytest

from services.events.forum.papers.rules import (
    Judge,
    NotOfThisForum,
    PaperDecided,
    PaperFacts,
    PaperNotAccepted,
    PaperStatus,
    Present,
    Submit,
    Withdraw,
    decide,
)
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from shared.testing.scenarios import given
from tests.events.programme.sample_programme import made, published_forum, published_session

FORUM, SESSION, PAPER, LAN = (new_id() for _ in range(4))


def paper(**changes: Any) -> dict[str, Any]:
    return {
        "title": {
            "vi": "Không gian sáng tạo trong nhà máy cũ",
            "en": "Creative space in old works",
        },
        "abstract": {"en": "Two railway works, ten years on."},
        "authors": [
            {"name": "Trần Thị Mỹ Lệ", "affiliation": "Viện Nghiên cứu Đô thị"},
            {"person_id": str(new_id())},
        ],
        "file": {"url": "https://luu-tru.example/tham-luan-7.pdf", "sha256": "0a" * 32},
    } | changes


SUBMIT = Submit(PAPER, new_id(), FORUM, LAN, PaperFacts.model_validate(paper()))
HERE = Present(SESSION, FORUM)


@pytest.mark.parametrize(
    ("history", "command", "outcome"),
    [
        ([SUBMIT], SUBMIT, PaperStatus.SUBMITTED),
        ([SUBMIT], Judge(True), PaperStatus.ACCEPTED),
        ([SUBMIT], Judge(False), PaperStatus.DECLINED),
        ([SUBMIT], Withdraw(), PaperStatus.WITHDRAWN),
        ([SUBMIT], HERE, PaperNotAccepted),
        ([SUBMIT, Judge(True)], SUBMIT, PaperDecided),
        ([SUBMIT, Judge(True)], Judge(True), PaperStatus.ACCEPTED),
        ([SUBMIT, Judge(True)], Judge(False), PaperDecided),
        ([SUBMIT, Judge(True)], HERE, PaperStatus.PRESENTED),
        ([SUBMIT, Judge(True)], Present(SESSION, new_id()), NotOfThisForum),
        ([SUBMIT, Judge(True)], Withdraw(), PaperStatus.WITHDRAWN),
        ([SUBMIT, Judge(False)], HERE, PaperNotAccepted),
        ([SUBMIT, Judge(False)], Judge(True), PaperDecided),
        ([SUBMIT, Judge(True), HERE], HERE, PaperStatus.PRESENTED),
        ([SUBMIT, Judge(True), HERE], Withdraw(), PaperDecided),
        ([SUBMIT, Withdraw()], Judge(True), PaperDecided),
    ],
)
def test_a_papers_life(history: list[Any], command: Any, outcome: Any) -> None:
    asked = given(decide, *history).when(command)
    if isinstance(outcome, PaperStatus):
        assert asked.then().status is outcome
    else:
        asked.then_refused(outcome)


async def test_a_paper_from_hand_in_to_the_stage(service: Running) -> None:
    forum, session = await published_forum(service)
    path = f"/v1/activities/{forum}/papers"
    async with (
        service.as_() as lan,
        service.as_() as mai,
        service.as_(Role.ORGANISER) as staff,
        service.anonymous() as public,
    ):
        mine = await made(lan, path, paper())
        declined = await made(mai, path, paper(file=None))
        here = f"/v1/papers/{mine['id']}"
        assert (await mai.get(here)).status_code == 404, "somebody else's does not exist"
        seen = {"If-Match": (await staff.get(here)).headers["etag"]}
        better = paper(abstract={"vi": "Hai nhà máy xe lửa, mười năm sau."})
        assert (await lan.put(here, json=better)).status_code == 428
        assert (await lan.put(here, json=better, headers=seen)).is_success
        unread = await staff.post(f"{here}/judgement", json={"accepted": True}, headers=seen)
        assert unread.status_code == 412, "it is another paper than the one staff have read"
        assert (await public.get(path)).json()["items"] == []
        await made(staff, f"{here}/judgement", {"accepted": True})
        await made(staff, f"/v1/papers/{declined['id']}/judgement", {"accepted": False})
        elsewhere = await published_session(service)
        wrong = await staff.post(f"{here}/presentation", json={"session_id": str(elsewhere)})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "paper.other_forum")
        await made(staff, f"{here}/presentation", {"session_id": str(session)})
        [shown] = (await public.get(path)).json()["items"]
        assert shown["session_id"] == str(session)
        assert shown["facts"]["abstract"]["vi"] == "Hai nhà máy xe lửa, mười năm sau."
        assert "submitted_by" not in shown
        [own] = (await lan.get("/v1/me/papers")).json()["items"]
        assert own["status"] == "presented"
        all_of_them = (await staff.get(f"/v1/activities/{forum}/submissions")).json()["items"]
        assert [one["status"] for one in all_of_them] == ["presented", "declined"]
        query = {"status": "declined"}
        some = await staff.get(f"/v1/activities/{forum}/submissions", params=query)
        assert [one["id"] for one in some.json()["items"]] == [declined["id"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {}},
        {"abstract": {"vi": "", "en": ""}},
        {"authors": []},
        {"authors": [{"affiliation": "Viện"}]},
        {"file": {"url": "http://luu-tru.example/a.pdf", "sha256": "0a" * 32}},
        {"file": {"url": "https://luu-tru.example/a.pdf", "sha256": "0A" * 32}},
    ],
)
async def test_a_paper_that_lacks_something_is_refused(
    service: Running, wrong: dict[str, Any]
) -> None:
    forum, _ = await published_forum(service)
    async with service.as_() as lan:
        answer = await lan.post(f"/v1/activities/{forum}/papers", json=paper(**wrong))
    assert answer.status_code == 422


def outcome(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "follow_up",
        "title": {"vi": "Thư viện mẫu hoa văn dùng chung", "en": "A shared pattern library"},
        "text": {"vi": "Các thành phố góp mẫu hoa văn của làng nghề."},
        "responsible": "so-van-hoa-va-the-thao",
        "due_on": "2024-06-30",
    } | changes


async def test_what_a_session_came_to_is_told_and_corrected(service: Running) -> None:
    _, session = await published_forum(service)
    path = f"/v1/sessions/{session}/outcomes"
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as public:
        first = await staff.post(path, json=outcome(), headers={"Idempotency-Key": "kq-1"})
        again = await staff.post(path, json=outcome(), headers={"Idempotency-Key": "kq-1"})
        assert first.json() == again.json()
        here = f"/v1/outcomes/{first.json()['id']}"
        seen = {"If-Match": first.headers["etag"]}
        later = outcome(due_on="2024-09-30")
        assert (await staff.put(here, json=later)).status_code == 428
        assert (await staff.put(here, json=later, headers=seen)).is_success
        assert (await staff.put(here, json=later, headers=seen)).status_code == 412
        [shown] = (await public.get(path)).json()
        assert shown["facts"]["due_on"] == "2024-09-30"
        await made(staff, f"{here}/withdrawal")
        assert (await public.get(path)).json() == []
        gone = await staff.put(here, json=later, headers={"If-Match": '"3"'})
        assert gone.json()["code"] == "outcome.withdrawn"
        no_forum = await staff.post(
            f"/v1/sessions/{await published_session(service)}/outcomes", json=outcome()
        )
        assert (no_forum.status_code, no_forum.json()["code"]) == (409, "activity.not_a_forum")
    rows = service.platform.mongo.collection("outbox").find(
        {"routing_key": "events.outcome.recorded.v1"}
    )
    assert sorted([row["sequence"] async for row in rows.sort("_id", 1)]) == [1, 2, 3]
