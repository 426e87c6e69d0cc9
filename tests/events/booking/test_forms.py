"""Questions with conditions: asked by organisers, answered before a place is confirmed."""

from typing import Any
from uuid import UUID

import httpx

from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, published_session, published_sessions

MEAL = {
    "type": "object",
    "properties": {
        "meal": {
            "type": "string",
            "enum": ["mặn", "chay"],
            "labels": {"vi": "Bạn ăn chay hay mặn?", "en": "Vegetarian or not?"},
        },
    },
    "required": ["meal"],
    "if": {"properties": {"meal": {"const": "chay"}}, "required": ["meal"]},
    "then": {
        "properties": {
            "eggs": {
                "type": "boolean",
                "labels": {"vi": "Có ăn trứng không?", "en": "Do you eat eggs?"},
                "hints": {"vi": "Món phở cuốn có trứng."},
            }
        },
        "required": ["eggs"],
    },
    "additionalProperties": True,
}
FOLLOW_UP = {
    "type": "object",
    "properties": {"apron": {"type": "string", "labels": {"vi": "Cỡ tạp dề"}}},
    "required": ["apron"],
}


async def form(service: Running, session: UUID, **parts: Any) -> httpx.Response:
    async with service.as_(Role.ORGANISER) as staff:
        there = await staff.get(f"/v1/sessions/{session}/form")
        headers = {"If-Match": there.headers["etag"]} if there.is_success else {}
        answer = await staff.put(f"/v1/sessions/{session}/form", json=parts, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer


def pointers(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


async def register(client: httpx.AsyncClient, session: UUID, **wish: Any) -> httpx.Response:
    return await client.post(f"/v1/sessions/{session}/registrations", json=wish)


async def test_a_place_is_confirmed_once_the_questions_are_answered(service: Running) -> None:
    session = await published_session(service)
    await form(service, session, questions=MEAL)
    async with service.anonymous() as nobody:
        asked = (await nobody.get(f"/v1/sessions/{session}/form")).json()
        assert (asked["questions"], asked["version"]) == (MEAL, 1)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.ORGANISER) as staff:
        silent = await register(lan, session)
        assert (silent.status_code, silent.json()["code"]) == (422, "form.answers_needed")
        wrong = await register(lan, session, answers={"meal": "chay"})
        assert pointers(wrong) == ["/answers"], "who eats no meat is asked about eggs"
        assert pointers(await register(lan, session, answers={"meal": "gì cũng được"})) == [
            "/answers/meal"
        ]
        answers = {"meal": "chay", "eggs": False}
        got = (await register(lan, session, answers=answers)).json()
        assert (got["status"], got["answered"]) == ("confirmed", 1)
        held = (await register(mai, session, hold=True)).json()
        path = f"/v1/registrations/{held['id']}"
        assert held["status"] == "held"
        early = await mai.post(f"{path}/confirmation")
        assert early.json()["code"] == "form.answers_needed"
        assert pointers(await mai.put(f"{path}/answers", json={"answers": {}})) == ["/answers"]
        given = await mai.put(f"{path}/answers", json={"answers": {"meal": "mặn"}})
        assert given.json()["questions"]["answers"] == {"meal": "mặn"}
        assert (await mai.post(f"{path}/confirmation")).json()["status"] == "confirmed"
        assert (await lan.get(f"{path}/answers")).status_code == 404
        seen = (await staff.get(f"/v1/sessions/{session}/answers")).json()["items"]
        assert [one["questions"]["answers"] for one in seen] == [answers, {"meal": "mặn"}]
        await made(mai, f"{path}/cancellation")
        assert (await mai.get(f"{path}/answers")).json()["questions"] is None
    rows = await service.platform.mongo.collection("outbox").find().to_list(None)
    assert not any("mặn".encode() in row["body"] or b"chay" in row["body"] for row in rows)


async def test_answers_stay_with_the_version_that_they_answer(service: Running) -> None:
    session = await published_session(service)
    await form(service, session, questions=MEAL)
    async with service.as_() as lan, service.as_(Role.ORGANISER) as staff:
        got = (await register(lan, session, answers={"meal": "mặn"})).json()
        path = f"/v1/registrations/{got['id']}"
        other = MEAL | {"properties": MEAL["properties"] | {"hat": {"labels": {"vi": "Cỡ mũ"}}}}  # type: ignore[operator]
        other |= {"required": ["meal", "hat"]}
        blind = await staff.put(f"/v1/sessions/{session}/form", json={"questions": other})
        assert blind.status_code == 428
        await form(service, session, questions=other)
        assert (await lan.get(path)).json()["status"] == "confirmed"
        assert (await lan.get(f"{path}/answers")).json()["questions"]["version"] == 1
        was = (await lan.get(f"/v1/sessions/{session}/form?version=1")).json()
        assert was["questions"] == MEAL
        assert (await lan.get(f"/v1/sessions/{session}/form?version=3")).status_code == 404
        old = await lan.put(f"{path}/answers", json={"answers": {"meal": "mặn"}})
        assert pointers(old) == ["/answers"]
        new = await lan.put(f"{path}/answers", json={"answers": {"meal": "mặn", "hat": 56}})
        assert new.json()["questions"]["version"] == 2


async def test_nothing_asked_nothing_answered(service: Running) -> None:
    session = await published_session(service)
    async with service.as_() as lan:
        assert (await lan.get(f"/v1/sessions/{session}/form")).status_code == 404
        refused = await register(lan, session, answers={"meal": "chay"})
        assert refused.json()["code"] == "form.not_asked"
        await form(service, session, questions=MEAL)
        await form(service, session)
        assert (await register(lan, session)).json()["status"] == "confirmed"


async def test_a_form_can_be_ready_before_its_session_is_public(service: Running) -> None:
    from tests.events.programme.sample_programme import edition, session, venue

    async with service.as_(Role.ORGANISER) as staff, service.as_() as lan:
        planned = await made(staff, "/v1/editions", edition("cau-hoi"))
        await made(staff, f"/v1/editions/{planned['id']}/announcement")
        kind = {"title": {"vi": "Xưởng gốm"}, "kind": "workshop"}
        activity = await made(staff, f"/v1/editions/{planned['id']}/activities", kind)
        body = session(await venue(service))
        key = (await made(staff, f"/v1/activities/{activity['id']}/sessions", body))["id"]
        await form(service, key, questions=MEAL)
        assert (await lan.get(f"/v1/sessions/{key}/form")).status_code == 404
        assert (await register(lan, key)).json()["code"] == "session.unknown"
        await made(staff, f"/v1/sessions/{key}/publication")
        assert (await register(lan, key)).json()["code"] == "form.answers_needed"


async def test_what_is_asked_after_approval(service: Running) -> None:
    session = await published_session(service, kinds=[{"kind": "general", "approval": True}])
    await form(service, session, follow_up=FOLLOW_UP)
    async with service.as_() as lan, service.as_(Role.ORGANISER) as staff:
        got = (await register(lan, session)).json()
        path = f"/v1/registrations/{got['id']}"
        apron = {"answers": {"apron": "M"}}
        early = await lan.put(f"{path}/follow-up", json=apron)
        assert (early.status_code, early.json()["code"]) == (409, "registration.not_confirmed")
        await made(staff, f"{path}/approval")
        assert pointers(await lan.put(f"{path}/follow-up", json={"answers": {}})) == ["/answers"]
        done = (await lan.put(f"{path}/follow-up", json=apron)).json()
        assert done["follow_up"]["answers"] == {"apron": "M"}
        unasked = await lan.put(f"{path}/answers", json=apron)
        assert unasked.json()["code"] == "form.not_asked"


async def test_moving_and_taking_over_ask_as_well(service: Running) -> None:
    plain, asking = await published_sessions(service, {}, {})
    await form(service, asking, questions=MEAL)
    async with service.as_() as lan, service.as_() as mai:
        mine = (await register(lan, plain)).json()
        path, body = f"/v1/registrations/{mine['id']}/move", {"bookable_id": str(asking)}
        assert (await lan.post(path, json=body)).json()["code"] == "form.answers_needed"
        moved = await lan.post(path, json=body | {"answers": {"meal": "mặn"}})
        assert (moved.status_code, moved.json()["answered"]) == (201, 1)
        code = (await lan.put(f"/v1/registrations/{moved.json()['id']}/transfer")).json()
        take = {"code": code["code"]}
        silent = await mai.post("/v1/transfers/acceptance", json=take)
        assert silent.json()["code"] == "form.answers_needed"
        take |= {"answers": {"meal": "chay", "eggs": True}}
        taken = await mai.post("/v1/transfers/acceptance", json=take)
        assert taken.status_code == 201
        theirs = (await mai.get(f"/v1/registrations/{taken.json()['id']}/answers")).json()
        assert theirs["questions"]["answers"] == {"meal": "chay", "eggs": True}


async def test_a_wish_is_held_until_its_questions_are_answered(service: Running) -> None:
    full, asking = await published_sessions(service, {"capacity": 0}, {})
    await form(service, asking, questions=MEAL)
    async with service.as_() as lan:
        wish = await made(lan, "/v1/wishes", {"sessions": [str(full), str(asking)]})
        [held] = wish["registrations"]
        assert held["status"] == "held"
        path = f"/v1/registrations/{held['id']}"
        await lan.put(f"{path}/answers", json={"answers": {"meal": "mặn"}})
        assert (await lan.post(f"{path}/confirmation")).json()["status"] == "confirmed"
