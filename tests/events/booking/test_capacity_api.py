"""Kinds of ticket, shared pools, codes, holds and staff's exceptions, over HTTP."""

from uuid import UUID

import httpx
import pytest

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import edition, made, published_session


async def asked(client: httpx.AsyncClient, session: UUID, **wish: object) -> dict[str, str]:
    return await made(client, f"/v1/sessions/{session}/registrations", wish or None)


async def state(client: httpx.AsyncClient, one: dict[str, str]) -> str:
    return (await client.get(f"/v1/registrations/{one['id']}")).json()["status"]


async def test_a_place_is_held_while_the_form_is_filled_in(service: Running) -> None:
    session = await published_session(service, capacity=1)
    async with service.as_() as lan, service.as_() as mai:
        held = await asked(lan, session, hold=True)
        assert held["status"] == "held"
        assert held["expires_at"]
        assert (await asked(mai, session))["status"] == "waiting"
        path = f"/v1/registrations/{held['id']}"
        assert (await mai.post(f"{path}/confirmation")).status_code == 404
        assert (await lan.get(f"{path}/ticket")).status_code == 409
        confirmed = await lan.post(f"{path}/confirmation")
        assert (confirmed.status_code, confirmed.json()["status"]) == (200, "confirmed")
        assert confirmed.json()["expires_at"] is None
        again = await lan.post(f"{path}/confirmation")
        assert (again.status_code, again.json()["code"]) == (
            409,
            "registration.nothing_to_confirm",
        )


async def test_staff_look_at_some_kinds_and_may_decline(service: Running) -> None:
    kinds = [{"kind": "invited", "approval": True}]
    session = await published_session(service, kinds=kinds)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.ORGANISER) as staff:
        one, two = [await asked(c, session, kind="invited") for c in (lan, mai)]
        assert [one["status"], two["status"]] == ["asked", "asked"]
        approved = await staff.post(f"/v1/registrations/{one['id']}/approval")
        assert approved.json()["status"] == "confirmed"
        declined = await staff.post(f"/v1/registrations/{two['id']}/cancellation")
        assert declined.json()["status"] == "cancelled"
        refused = await asked_for(mai, session, kind="general")
    assert (refused.status_code, refused.json()["code"]) == (422, "registration.kind_unknown")


async def asked_for(client: httpx.AsyncClient, session: UUID, **wish: object) -> httpx.Response:
    return await client.post(f"/v1/sessions/{session}/registrations", json=wish)


async def test_a_code_opens_a_kind_for_so_many(service: Running) -> None:
    kinds = [{"kind": "general"}, {"kind": "press", "code_only": True}]
    session = await published_session(service, capacity=10, kinds=kinds)
    code = {"code": "BAO-CHI", "kind": "press", "uses": 1}
    async with service.as_(Role.ORGANISER) as staff:
        made_code = await staff.post(f"/v1/sessions/{session}/codes", json=code)
        assert made_code.status_code == 201
        again = await staff.post(f"/v1/sessions/{session}/codes", json=code)
        assert (again.status_code, again.json()["code"]) == (409, "code.exists")
        async with service.as_() as lan, service.as_() as mai:
            for wrong in ({}, {"code": "BAO-CHI-2"}):
                refused = await asked_for(lan, session, kind="press", **wrong)
                assert refused.json()["code"] == "registration.code_wrong"
            press = {"kind": "press", "code": "BAO-CHI"}
            assert (await asked(lan, session, **press))["status"] == "confirmed"
            assert (await asked(mai, session, **press))["status"] == "waiting"
        [found] = (await staff.get(f"/v1/sessions/{session}/codes")).json()
    assert found == code | {"taken": 1}


async def test_more_places_go_to_those_in_line_at_once(service: Running) -> None:
    """By the session's facts, and by a pool that it shares."""
    session = await published_session(service, capacity=1)
    clients = [service.as_() for _ in range(4)]
    got = [await asked(client, session) for client in clients]
    async with service.as_(Role.ORGANISER) as staff:
        current = await staff.get(f"/v1/sessions/{session}")
        facts, etag = current.json()["facts"], {"If-Match": current.headers["etag"]}
        more = facts | {"capacity": 3}
        assert (await staff.put(f"/v1/sessions/{session}", json=more, headers=etag)).is_success
        assert (await staff.post(f"/v1/sessions/{session}/publication")).is_success
    assert [await state(c, one) for c, one in zip(clients, got, strict=True)] == [
        *["confirmed"] * 3,
        "waiting",
    ]
    seats = (await clients[0].get(f"/v1/sessions/{session}/availability")).json()
    assert seats == {"capacity": 3, "taken": 3, "waiting": 1}
    for client in clients:
        await client.aclose()


async def test_a_bus_that_two_sessions_share(service: Running) -> None:
    async with service.as_(Role.ORGANISER) as staff:
        planned = await made(staff, "/v1/editions", edition("xe-buyt"))
        bus = await made(
            staff,
            f"/v1/editions/{planned['id']}/pools",
            {"name": "Xe buýt hai tầng", "capacity": 1},
        )
        kinds = [{"kind": "general", "shared": [bus["id"]]}]
        sessions = [await published_session(service, kinds=kinds) for _ in range(2)]
        async with service.as_() as lan, service.as_() as mai:
            assert (await asked(lan, sessions[0]))["status"] == "confirmed"
            waiting = await asked(mai, sessions[1])
            assert waiting["status"] == "waiting"
            [seen] = (await staff.get(f"/v1/editions/{planned['id']}/pools")).json()
            assert seen == bus | {"taken": 1, "waiting": 1}
            path = f"/v1/pools/{bus['id']}"
            assert (await staff.put(path, json={"capacity": 2})).status_code == 204
            assert await state(mai, waiting) == "confirmed"
        assert (await staff.put(f"/v1/pools/{new_id()}", json={"capacity": 2})).status_code == 404


async def test_staff_seat_somebody_beyond_capacity_only_with_a_reason(service: Running) -> None:
    session = await published_session(service, capacity=0)
    async with service.as_() as lan, service.as_(Role.ORGANISER) as staff:
        waiting = await asked(lan, session)
        path = f"/v1/registrations/{waiting['id']}/seat"
        assert (await lan.post(path, json={"reason": "vì tôi"})).status_code == 403
        for nothing in ({}, {"reason": " "}):
            assert (await staff.post(path, json=nothing)).status_code == 422
        reason = "Diễn giả đi cùng người thân"
        seated = await staff.post(path, json={"reason": reason})
        assert seated.json()["status"] == "confirmed"
        row = await service.platform.mongo.collection("registrations").find_one()
        assert row is not None
        assert row["override"]["reason"] == reason
        assert row["override"]["by"]
        seats = (await lan.get(f"/v1/sessions/{session}/availability")).json()
    assert seats == {"capacity": 0, "taken": 1, "waiting": 0}


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"kind": "vip"}, "/kind"),
        ({"size": 0}, "/size"),
        ({"size": 51}, "/size"),
        ({"size": "hai"}, "/size"),
        ({"hold": "có"}, "/hold"),
        ({"code": "x" * 41}, "/code"),
    ],
)
async def test_a_wish_that_makes_no_sense_changes_nothing(
    service: Running, wish: dict[str, object], pointer: str
) -> None:
    session = await published_session(service)
    async with service.as_() as lan:
        refused = await asked_for(lan, session, **wish)
        seats = (await lan.get(f"/v1/sessions/{session}/availability")).json()
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert seats["taken"] == seats["waiting"] == 0


async def test_kinds_that_make_no_sense_are_refused(service: Running) -> None:
    for kinds, code in (
        ([], "input.invalid"),
        ([{"kind": "general"}, {"kind": "general"}], "input.invalid"),
        ([{"kind": "general", "shared": [str(new_id())]}], "pool.unknown"),
    ):
        with pytest.raises(AssertionError, match=code):
            await published_session(service, kinds=kinds)
