"""Feedback: from those who were there, once each, and nobody can tell whose it is."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.events.app import build
from services.events.settings import Settings
from shared.roles import Role
from shared.testing.running import Running
from tests.events.courses.sample_courses import Course, Learner, enrolled, published_course, school
from tests.events.programme.sample_programme import made, published_session
from tests.helping.clock import clock_of
from tests.helping.guards import without_transactions
from tests.helping.told import documents

WORDS = "Giảng viên dễ hiểu, phòng hơi nóng"


async def over(service: Running, people: int) -> tuple[Course, list[Learner]]:
    """A course that is over; all but the last were there."""
    course = await published_course(service, sessions=1)
    learners = await enrolled(course, people)
    await course.sheet(0, "Biên bản 1", present=[one.id for one in learners[:-1]])
    course.to_its_end()
    return course, learners


async def give(who: Learner, course: Course, rating: int = 4, text: str = "") -> httpx.Response:
    body = {"rating": rating, "text": text}
    key = {"Idempotency-Key": f"feedback-{rating}"}
    return await who.client.post(f"{course.path}/feedback", json=body, headers=key)


async def seen(course: Course) -> dict[str, Any]:
    async with course.service.as_(Role.ORGANISER) as organiser:
        found: dict[str, Any] = (await organiser.get(f"{course.path}/feedback")).json()
    return found


async def test_those_who_were_there_answer_once_when_it_is_over(settings: Settings) -> None:
    async with school(settings) as service:
        course, [lan, absent] = await over(service, 2)
        course.to_session(0)
        assert (await give(lan, course)).json()["code"] == "feedback.too_early"
        course.to_its_end()
        assert (await give(lan, course, rating=6)).status_code == 422
        assert (await give(absent, course)).json()["code"] == "feedback.not_there"
        assert (await give(Learner(service), course)).json()["code"] == "feedback.not_there"
        assert (await give(lan, course)).status_code == 204
        assert (await give(lan, course)).json()["code"] == "feedback.given"


async def test_nothing_is_shown_until_five_have_answered_and_then_by_fives(
    settings: Settings,
) -> None:
    async with school(settings) as service:
        course, learners = await over(service, 12)
        nothing = {
            "answers": 0, "average": None, "ratings": dict.fromkeys("12345", 0), "texts": [],
        }  # fmt: skip
        for number, learner in enumerate(learners[:-1], start=1):
            assert (await give(learner, course, number % 5 + 1, f"Ý {number}")).status_code == 204
            summary = await seen(course)
            assert summary["answers"] == number // 5 * 5
            if number < 5:
                assert summary == nothing
        assert summary["average"] == 3
        assert summary["ratings"] == dict.fromkeys("12345", 2)
        assert summary["texts"] == sorted(summary["texts"])
        assert "Ý 11" not in summary["texts"], "the last one waits for four others"


async def test_no_stored_document_links_an_answer_with_a_person(settings: Settings) -> None:
    async with school(settings) as service:
        course, [lan, *_] = await over(service, 3)
        before = {str(row) for _, row in await documents(service.platform.mongo)}
        assert (await give(lan, course, 2, WORDS)).status_code == 204
        fresh = [
            (name, row)
            for name, row in await documents(service.platform.mongo)
            if str(row) not in before
        ]
        assert sorted(name for name, _ in fresh) == ["feedback", "feedback_given"]
        rows = dict(fresh)
        about = rows["feedback"].pop("_id")
        assert rows["feedback"] == {"waiting": [{"rating": 2, "text": WORDS}], "shown": []}
        assert rows["feedback_given"] == {"_id": {"about": about, "person": lan.person}}
        assert str(about) == course.id
        assert not re.search(r"datetime|ObjectId", str(rows)), "nor a time that both would have"


async def answers_of_many_at_once(settings: Settings, made_by: Any = build) -> int:
    async with school(settings, made_by) as service:
        course, learners = await over(service, 11)
        await asyncio.gather(*(give(one, course) for one in learners[:-1]))
        return int((await seen(course))["answers"])


async def test_answers_of_one_instant_are_all_kept(settings: Settings) -> None:
    assert await answers_of_many_at_once(settings) == 10


async def test_control_without_transactions_answers_are_lost(settings: Settings) -> None:
    assert await answers_of_many_at_once(settings, without_transactions(build)) < 10


async def test_one_person_who_answers_many_times_at_once_counts_once(settings: Settings) -> None:
    async with school(settings) as service:
        course, [lan, *_] = await over(service, 2)
        answers = await asyncio.gather(*(give(lan, course) for _ in range(6)))
        assert sorted(one.status_code for one in answers) == [204] + [409] * 5
        box = await service.platform.mongo.collection("feedback").find_one()
        assert box
        assert len(box["waiting"]) == 1


async def test_a_session_has_feedback_too(settings: Settings) -> None:
    async with school(settings) as service, service.as_(Role.GATE) as gate:
        key = await published_session(service, capacity=9)
        lan, absent = service.as_(), service.as_()
        path = f"/v1/sessions/{key}"
        for who in (lan, absent):
            await made(who, f"{path}/registrations")
        mine = (await lan.get("/v1/registrations")).json()["items"][0]["id"]
        ticket = (await lan.get(f"/v1/registrations/{mine}/ticket")).json()
        await made(gate, f"{path}/admissions", ticket)
        body = {"rating": 5}
        early = await lan.post(f"{path}/feedback", json=body)
        assert early.json()["code"] == "feedback.too_early"
        clock_of(service).at += timedelta(hours=5)
        assert (await lan.post(f"{path}/feedback", json=body)).status_code == 204
        refused = await absent.post(f"{path}/feedback", json=body)
        assert refused.json()["code"] == "feedback.not_there"


@pytest.mark.parametrize("attended", [True, False])
async def test_a_courses_session_has_feedback_from_those_who_were_at_it(
    settings: Settings, attended: bool
) -> None:
    async with school(settings) as service:
        course = await published_course(service, sessions=2)
        [lan] = await enrolled(course, 1)
        await course.sheet(0 if attended else 1, "Biên bản", present=[lan.id])
        course.to_its_end()
        path = f"/v1/sessions/{course.sessions[0]}/feedback"
        answer = await lan.client.post(path, json={"rating": 5})
        assert answer.status_code == (204 if attended else 409)
