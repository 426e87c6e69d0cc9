"""Changes and moves over HTTP."""

from typing import Any
from uuid import UUID

import httpx

from shared.contracts.base import read_wire
from shared.contracts.events import RegistrationResized
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, published_session, published_sessions


async def asked(client: httpx.AsyncClient, session: UUID, **wish: object) -> dict[str, Any]:
    return await made(client, f"/v1/sessions/{session}/registrations", wish or None)


async def state(client: httpx.AsyncClient, one: dict[str, Any]) -> dict[str, Any]:
    return (await client.get(f"/v1/registrations/{one['id']}")).json()


async def test_who_comes_with_fewer_lets_others_in(service: Running) -> None:
    session = await published_session(service, capacity=4)
    async with service.as_() as lan, service.as_() as mai, service.as_() as duc:
        group = await asked(lan, session, size=4)
        pair, single = await asked(mai, session, size=2), await asked(duc, session)
        path = f"/v1/registrations/{group['id']}"
        names = ["Vũ Cát Tường", "Hồ Ngọc Hà My", "Phan Đình Tùng"]
        await lan.put(f"{path}/companions", json={"names": names})
        smaller = await lan.put(f"{path}/size", json={"size": 3})
        assert (smaller.status_code, smaller.json()["size"]) == (200, 3)
        assert (await lan.get(f"{path}/companions")).json()["names"] == names[:2]
        assert (await state(duc, single))["status"] == "confirmed", "the pair does not fit"
        refused = await lan.put(f"{path}/size", json={"size": 4})
        assert (refused.status_code, refused.json()["code"]) == (409, "registration.no_room")
        assert (await state(lan, group))["size"] == 3
        # In line: the pair comes alone, and fits once one more has gone.
        await lan.put(f"{path}/size", json={"size": 2})
        assert (await state(mai, pair))["status"] == "waiting"
        alone = await mai.put(f"/v1/registrations/{pair['id']}/size", json={"size": 1})
        assert (alone.json()["status"], alone.json()["size"]) == ("confirmed", 1)
        seats = (await lan.get(f"/v1/sessions/{session}/availability")).json()
        assert seats == {"capacity": 4, "taken": 4, "waiting": 0}
        assert (await mai.put(f"{path}/size", json={"size": 1})).status_code == 404
    rows = await service.platform.mongo.collection("outbox").find().to_list(None)
    told = [read_wire(row["body"])[1] for row in rows]
    resized = [(e.size_before, e.size) for e in told if isinstance(e, RegistrationResized)]
    assert resized == [(4, 3), (3, 2)], "others need not know about the line"


async def test_another_kind_for_the_same_session(service: Running) -> None:
    kinds = [
        {"kind": "general"},
        {"kind": "wheelchair", "capacity": 1},
        {"kind": "invited", "approval": True},
    ]
    session = await published_session(service, kinds=kinds, capacity=2)
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.ORGANISER) as staff:
        one, two = await asked(lan, session), await asked(mai, session)
        paths = [f"/v1/registrations/{x['id']}/kind" for x in (one, two)]
        got = await lan.put(paths[0], json={"kind": "wheelchair"})
        assert (got.json()["kind"], got.json()["id"]) == ("wheelchair", one["id"])
        full = await mai.put(paths[1], json={"kind": "wheelchair"})
        assert (full.status_code, full.json()["code"]) == (409, "registration.no_room")
        guest = await mai.put(paths[1], json={"kind": "invited"})
        assert (guest.status_code, guest.json()["code"]) == (409, "registration.staff_only")
        assert (await staff.put(paths[1], json={"kind": "invited"})).json()["kind"] == "invited"
        assert (await state(mai, two))["status"] == "confirmed"


async def test_a_move_keeps_the_old_place_unless_it_gets_the_new_one(service: Running) -> None:
    friday, saturday = await published_sessions(service, {"capacity": 1}, {"capacity": 1})
    elsewhere = await published_session(service)
    async with service.as_() as lan, service.as_() as mai, service.as_() as duc:
        mine = await asked(lan, friday)
        waiting = await asked(mai, friday)
        other = await asked(duc, saturday)
        old = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()
        path = f"/v1/registrations/{mine['id']}/move"
        full = await lan.post(path, json={"bookable_id": str(saturday)})
        assert (full.status_code, full.json()["code"]) == (409, "registration.no_room")
        assert (await state(lan, mine))["status"] == "confirmed"
        assert (await state(mai, waiting))["status"] == "waiting"
        far = await lan.post(path, json={"bookable_id": str(elsewhere)})
        assert (far.status_code, far.json()["code"]) == (409, "registration.other_edition")
        assert (await mai.post(path, json={"bookable_id": str(saturday)})).status_code == 404
        await made(duc, f"/v1/registrations/{other['id']}/cancellation")
        key = {"Idempotency-Key": "move-1"}
        moved = await lan.post(path, json={"bookable_id": str(saturday)}, headers=key)
        assert moved.status_code == 201
        assert moved.json()["bookable_id"] == str(saturday)
        again = await lan.post(path, json={"bookable_id": str(saturday)}, headers=key)
        assert again.content == moved.content
        assert (await state(lan, mine))["status"] == "cancelled"
        assert (await state(mai, waiting))["status"] == "confirmed", "in the same commit"
        new = (await lan.get(f"/v1/registrations/{moved.json()['id']}/ticket")).json()
        async with service.as_(Role.GATE) as gate:
            doors = [f"/v1/sessions/{session}/admissions" for session in (friday, saturday)]
            refused = [await gate.post(door, json=old) for door in doors]
            assert [r.is_success for r in refused] == [False, False]
            assert (await gate.post(doors[1], json=new)).status_code == 201
