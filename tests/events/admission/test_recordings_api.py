"""A television recording: its episode, its consent form, and gates that ask for consent."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from services.events.app import build
from services.events.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.admission.test_consents import ADULT, CHILD
from tests.events.admission.test_gates_api import a_scan, described, sent, ticket
from tests.events.programme.sample_programme import edition, made, published_session, session, venue
from tests.helping.guards import without_transactions

WORDS = {"text": {"vi": "Tôi đồng ý được ghi hình.", "en": "I agree to be recorded."}}


def episode(number: int = 3, **changes: Any) -> dict[str, Any]:
    return {"season": f"tai-nang-{new_id().hex}", "round": "Bán kết", "episode": number} | changes


async def planned_recording(service: Running, **changes: Any) -> UUID:
    async with service.as_(Role.ORGANISER) as staff:
        year = await made(staff, "/v1/editions", edition(f"tv-{new_id().hex[-8:]}"))
        await made(staff, f"/v1/editions/{year['id']}/announcement")
        show = {"title": {"vi": "Tài năng sáng tạo", "en": "Creative Talent"}, "kind": "recording"}
        activity = await made(staff, f"/v1/editions/{year['id']}/activities", show)
        body = session(await venue(service), **{"capacity": 50} | changes)
        key = (await made(staff, f"/v1/activities/{activity['id']}/sessions", body))["id"]
        await made(staff, f"/v1/sessions/{key}/publication")
    return UUID(key)


async def recording(service: Running) -> tuple[UUID, str]:
    """A session in which an episode is recorded, and the hash of the text to be signed."""
    key = await planned_recording(service)
    async with service.as_(Role.ORGANISER) as staff:
        await made(staff, f"/v1/sessions/{key}/recording", episode())
        bound = await made(staff, f"/v1/sessions/{key}/recording/forms", WORDS)
    return key, bound["form"]["sha256"]


async def sign(client: httpx.AsyncClient, one: dict[str, str], sha256: str, *people: Any) -> Any:
    body = {"sha256": sha256, "people": people or [ADULT]}
    return await client.post(f"/v1/registrations/{one['id']}/release", json=body)


async def test_an_episode_is_recorded_in_one_session(service: Running) -> None:
    first, second = [await planned_recording(service) for _ in range(2)]
    other = await published_session(service)
    pilot = episode(1)
    async with service.as_(Role.ORGANISER) as staff, service.anonymous() as public:
        refused = await staff.post(f"/v1/sessions/{other}/recording", json=pilot)
        assert (refused.status_code, refused.json()["code"]) == (409, "activity.not_a_recording")
        await made(staff, f"/v1/sessions/{first}/recording", pilot)
        taken = await staff.post(f"/v1/sessions/{second}/recording", json=pilot)
        assert (taken.status_code, taken.json()["code"]) == (409, "recording.episode_taken")
        again = await staff.post(f"/v1/sessions/{first}/recording", json=pilot | {"episode": 9})
        assert again.status_code == 409
        await made(staff, f"/v1/sessions/{second}/recording", pilot | {"episode": 2})
        at = f"/v1/sessions/{second}/recording"
        moved = pilot | {"episode": 5}
        assert (await staff.put(at, json=moved)).status_code == 428
        seen = {"If-Match": (await public.get(at)).headers["etag"]}
        assert (await staff.put(at, json=pilot, headers=seen)).status_code == 409
        assert (await staff.put(at, json=moved, headers=seen)).is_success
        query = {"season": pilot["season"]}
        shown = (await public.get("/v1/recordings", params=query)).json()
        assert [one["facts"]["episode"] for one in shown] == [1, 5]
        assert (await public.get(f"/v1/sessions/{other}/recording")).status_code == 404


async def test_a_family_signs_and_only_then_the_gate_opens(service: Running) -> None:
    key, sha256 = await recording(service)
    path = await described(service, key)
    async with (
        service.as_() as lua,
        service.as_() as stranger,
        service.as_(Role.ORGANISER) as staff,
        service.as_(Role.GATE) as gate,
        service.anonymous() as public,
    ):
        family = await ticket(lua, key, size=2)
        here = f"/v1/registrations/{family['id']}/release"
        assert await sent(gate, path, a_scan(family)) == ["no_release"]
        door = await gate.post(f"/v1/sessions/{key}/admissions", json={"ticket": family["ticket"]})
        assert (door.status_code, door.json()["code"]) == (409, "ticket.no_release")
        [listed] = (await gate.get(f"{path}/tickets")).json()["items"]
        assert listed["released"] is False

        alone = await sign(lua, family, sha256)
        assert (alone.status_code, alone.json()["code"]) == (422, "release.everybody")
        unread = await sign(lua, family, "0" * 64, ADULT, CHILD)
        assert (unread.status_code, unread.json()["code"]) == (409, "release.another_form")
        unasked = await sign(lua, family, sha256, ADULT, CHILD | {"consents": False})
        assert unasked.status_code == 422
        for other in (stranger, staff):
            assert (await sign(other, family, sha256, ADULT, CHILD)).status_code == 404
        signed = await sign(lua, family, sha256, ADULT, CHILD)
        assert (signed.status_code, signed.json()["complete"]) == (201, True)
        [kept] = (await staff.get(f"/v1/sessions/{key}/releases")).json()["items"]
        [given] = kept["signatures"]
        assert (given["version"], given["sha256"]) == (1, sha256)
        assert given["people"][1]["guardian"] == "Phạm Thị Lụa"
        [listed] = (await gate.get(f"{path}/tickets")).json()["items"]
        assert listed["released"] is True
        assert "Bảo" not in (await gate.get(f"{path}/tickets")).text
        assert await sent(gate, path, a_scan(family)) == ["admitted"]

        assert (await stranger.delete(here)).status_code == 404
        gone = await lua.delete(here)
        assert (gone.status_code, gone.json()["complete"]) == (200, False)
        assert gone.json()["signatures"][0]["withdrawn_at"]
        assert (await lua.delete(here)).json()["code"] == "release.none"
        assert await sent(gate, path, a_scan(family)) == ["no_release"]
        assert await sent(gate, path, a_scan(family, way="out")) == ["left"], "nobody is kept in"
        for page in (f"/v1/sessions/{key}", f"/v1/sessions/{key}/recording"):
            assert "Bảo" not in (await public.get(page)).text
    async for row in service.platform.mongo.collection("outbox").find():
        assert "Bảo".encode() not in row["body"]


async def test_a_new_version_may_ask_everybody_again(service: Running) -> None:
    key, first = await recording(service)
    path = await described(service, key)
    async with (
        service.as_() as lan,
        service.as_(Role.ORGANISER) as staff,
        service.as_(Role.GATE) as gate,
    ):
        mine = await ticket(lan, key)
        assert (await sign(lan, mine, first)).is_success
        forms = f"/v1/sessions/{key}/recording/forms"
        mended = await made(staff, forms, {"text": {"vi": "Tôi đồng ý được ghi hình!"}})
        assert (await lan.get(f"/v1/registrations/{mine['id']}/release")).json()["complete"]
        assert (await sign(lan, mine, first)).json()["code"] == "release.another_form"
        stricter = await made(staff, forms, WORDS | {"again": True})
        assert (mended["form"]["version"], stricter["form"]["version"]) == (2, 3)
        read = (await lan.get(f"/v1/registrations/{mine['id']}/release")).json()
        assert read["complete"] is False
        assert await sent(gate, path, a_scan(mine)) == ["no_release"]
        assert (await sign(lan, mine, stricter["form"]["sha256"])).json()["complete"]
        assert await sent(gate, path, a_scan(mine)) == ["admitted"]
        assert (await staff.post(forms, json={"text": {"en": "I agree."}})).status_code == 422


async def test_late_scans_of_an_offline_gate_are_judged_by_their_own_time(
    service: Running,
) -> None:
    key, sha256 = await recording(service)
    path = await described(service, key)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.GATE) as gate:
        mine, hers = await ticket(lan, key), await ticket(mai, key)
        before = now()
        await asyncio.sleep(0.01)
        assert (await sign(lan, mine, sha256)).is_success
        assert (await sign(mai, hers, sha256)).is_success
        await asyncio.sleep(0.01)
        between = now()
        await asyncio.sleep(0.01)
        assert (await lan.delete(f"/v1/registrations/{mine['id']}/release")).is_success
        after = now() + timedelta(milliseconds=10)
        assert await sent(
            gate,
            path,
            a_scan(mine, between, told="admitted"),
            a_scan(hers, before, told="admitted"),
            a_scan(hers, between, told="no_release"),
            a_scan(mine, after, told="already_in"),
        ) == ["admitted", "no_release!", "admitted!", "no_release!"]


async def signed_and_scanned_at_one_instant(service: Running) -> list[str]:
    """The cases in which a ticket's scans and its consents disagree on which came first."""
    key, sha256 = await recording(service)
    path = await described(service, key)
    scans = service.platform.mongo.collection("ticket_scans")
    wrong = []
    async with service.as_(Role.GATE) as gate:
        for n in range(12):
            async with service.as_() as lan:
                mine = await ticket(lan, key)
                release = f"/v1/registrations/{mine['id']}/release"
                if n % 2:
                    assert (await sign(lan, mine, sha256)).is_success
                    change = lan.delete(release)
                else:
                    change = sign(lan, mine, sha256)
                changed, [answer] = await asyncio.gather(change, sent(gate, path, a_scan(mine)))
                assert changed.is_success, changed.text
            row = await scans.find_one({"_id": UUID(mine["id"])})
            assert row is not None
            [scan], [consent] = row["scans"], row["consents"]
            good_until = consent["withdrawn_at"] if n % 2 else consent["at"]
            good_before = bool(n % 2)
            if scan["effective_at"] != good_until:
                good = good_before if scan["effective_at"] < good_until else not good_before
                if good != (answer == "admitted"):
                    wrong.append(f"{answer} at {scan['effective_at']}, changed at {good_until}")
    return wrong


async def test_a_form_and_a_scan_at_one_instant_come_one_after_the_other(service: Running) -> None:
    assert await signed_and_scanned_at_one_instant(service) == []


async def test_control_without_transactions_somebody_is_let_in_on_a_withdrawn_form(
    settings: Settings,
) -> None:
    careless = without_transactions(build, pause=0.03)
    async with running(careless, settings, roles=frozenset({ProcessRole.API})) as service:
        assert await signed_and_scanned_at_one_instant(service)
