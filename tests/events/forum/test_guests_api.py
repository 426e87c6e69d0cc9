"""Guests over HTTP: who is invited, and what becomes of their letters."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.clock import now
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, published_forum

INVITED = [{"kind": "general"}, {"kind": "invited", "code_only": True}]
YES = {"reply": "yes", "name": "Siti Rahmawati"}


def invitation(**changes: Any) -> dict[str, Any]:
    return {
        "answer_by": (now() + timedelta(days=7)).isoformat(),
        "expires_at": (now() + timedelta(days=30)).isoformat(),
    } | changes


async def invited(staff: httpx.AsyncClient, activity: UUID, **facts: Any) -> dict[str, Any]:
    """An invitation that is sent: its id and, if it has one, its link."""
    drafted = await made(staff, f"/v1/activities/{activity}/invitations", invitation(**facts))
    return await made(staff, f"/v1/guests/{drafted['id']}/sending")


async def test_a_delegation_from_the_letter_to_the_summary(service: Running) -> None:
    forum, session = await published_forum(service, capacity=5, kinds=INVITED)
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        edition = (await staff.get(f"/v1/activities/{forum}")).json()["edition_id"]
        path = f"/v1/editions/{edition}/delegations"
        bandung, hue = [
            await made(staff, path, body)
            for body in (
                {"city": "Bandung", "country": "ID",
                 "organisation": {"vi": "Thành phố Bandung", "en": "City of Bandung"}},
                {"city": "Huế", "country": "VN", "organisation": {"vi": "Sở Văn hóa Huế"}},
            )
        ]  # fmt: skip
        [shown, here] = (await guest.get(path)).json()["items"]
        assert (shown["foreign"], here["foreign"], "head" in shown) == (True, False, False)
        abroad = {"session_id": str(session), "delegation_id": bandung["id"], "companions": 2}
        siti = await invited(staff, forum, **abroad)
        hoa = await invited(staff, forum, delegation_id=hue["id"], role="speaker")
        silent = await invited(staff, forum)

        opened = (await guest.get(siti["path"])).json()
        assert (opened["status"], opened["companions"]) == ("opened", 2)
        assert opened["occasion"]["title"]["en"] == "South-East Asia Creative Cities Forum"
        assert opened["occasion"]["venue"]["vi"] == "Thư viện Hà Nội"
        answer = YES | {"companions": ["Budi Santoso"]}
        said = await guest.put(f"{siti['path']}/answer", json=answer)
        assert (said.json()["status"], said.json()["place"]) == ("accepted", None)
        assert (await guest.put(f"{hoa['path']}/answer", json={"reply": "no"})).is_success
        many = await guest.put(f"{siti['path']}/answer", json=YES | {"companions": list("abc")})
        assert (many.status_code, many.json()["code"]) == (422, "invitation.too_many_companions")
        nameless = await guest.put(f"{siti['path']}/answer", json={"reply": "yes"})
        assert nameless.status_code == 422

        totals = (await staff.get(f"/v1/activities/{forum}/invitations/summary")).json()
        assert totals["by_status"] == {
            "accepted": {"invitations": 1, "people": 2},
            "declined": {"invitations": 1, "people": 1},
            "sent": {"invitations": 1, "people": 1},
        }
        assert totals["foreign"] == {"accepted": {"invitations": 1, "people": 2}}
        query = {"unanswered": True}
        listed = await staff.get(f"/v1/activities/{forum}/invitations", params=query)
        assert [one["id"] for one in listed.json()["items"]] == [silent["id"]]

        at = f"/v1/delegations/{bandung['id']}"
        seen = {"If-Match": (await staff.get(at)).headers["etag"]}
        facts = bandung["facts"] | {"head": hoa["id"]}
        assert (await staff.put(at, json=facts, headers=seen)).status_code == 404, "of another"
        facts["head"] = siti["id"]
        assert (await staff.put(at, json=facts, headers=seen)).is_success


async def test_the_secret_is_kept_nowhere_and_is_good_until_revoked_or_expired(
    service: Running,
) -> None:
    forum, _ = await published_forum(service)
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as guest:
        first = await invited(staff, forum)
        secret = first["path"].rpartition("/")[2]
        for name in await service.platform.mongo.db.list_collection_names():
            async for row in service.platform.mongo.collection(name).find():
                assert secret not in str(row), name
        again = await made(staff, f"/v1/guests/{first['id']}/sending")
        lost = await guest.get(first["path"])
        assert (lost.status_code, lost.json()["code"]) == (404, "invitation.unknown")
        assert (await guest.get(again["path"])).is_success
        assert (await staff.post(f"/v1/guests/{first['id']}/revocation")).is_success
        assert (await guest.get(again["path"])).status_code == 404
        assert (await guest.put(f"{again['path']}/answer", json=YES)).status_code == 404
        refused = await staff.post(f"/v1/guests/{first['id']}/sending")
        assert (refused.status_code, refused.json()["code"]) == (409, "invitation.revoked")
        past = {name: (now() - timedelta(days=1)).isoformat() for name in invitation()}
        expired = await invited(staff, forum, **past)
        assert (await guest.get(expired["path"])).status_code == 404
        closed = await invited(staff, forum, answer_by=past["answer_by"])
        assert (await guest.get(closed["path"])).is_success, "may still be read"
        late = await guest.put(f"{closed['path']}/answer", json=YES)
        assert (late.status_code, late.json()["code"]) == (409, "invitation.closed")
        assert (await guest.get(f"/v1/invitations/{'x' * 32}")).status_code == 404


async def test_nobody_is_asked_to_a_session_that_is_not_ready(service: Running) -> None:
    forum, session = await published_forum(service)
    other, elsewhere = await published_forum(service, kinds=INVITED)
    async with service.as_(Role.ORGANISER) as staff:
        path = f"/v1/activities/{forum}/invitations"
        drafted = await made(staff, path, invitation(session_id=str(session)))
        refused = await staff.post(f"/v1/guests/{drafted['id']}/sending")
        assert refused.json()["code"] == "invitation.session_not_ready"
        foreign = await staff.post(path, json=invitation(session_id=str(elsewhere)))
        assert foreign.json()["code"] == "session.unknown"
        assert (await staff.get(f"/v1/activities/{other}/invitations")).json()["items"] == []
        here = f"/v1/guests/{drafted['id']}"
        assert (await staff.put(here, json=invitation())).status_code == 428
        seen = {"If-Match": (await staff.get(here)).headers["etag"]}
        assert (await staff.put(here, json=invitation(), headers=seen)).is_success
        assert (await made(staff, f"{here}/sending"))["path"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"companions": 10},
        {"companions": -1},
        {"role": "king"},
        {"letter": "hai\ndòng"},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"answer_by": "hôm nay"},
    ],
)
async def test_an_invitation_that_makes_no_sense_is_refused(
    service: Running, wrong: dict[str, Any]
) -> None:
    forum, _ = await published_forum(service)
    async with service.as_(Role.ORGANISER) as staff:
        body = invitation(**wrong)
        answer = await staff.post(f"/v1/activities/{forum}/invitations", json=body)
    assert answer.status_code == 422
