"""A place passes from one person to another, with nobody in between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.events import app
from services.events.booking.quotas.rules import Quota
from services.events.booking.registrations.commands import Register
from services.events.booking.registrations.state import TransferCode
from services.events.booking.transfers.errors import TransferUnknown
from services.events.booking.transfers.rules import AcceptTransfer, OfferTransfer
from services.events.settings import Settings
from shared.clock import now
from shared.http.idempotency import Reply
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.conftest import open_places
from tests.events.interleavings import Build, Replica
from tests.events.programme.sample_programme import made, published_session
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions


async def asked(client: httpx.AsyncClient, session: UUID, **wish: object) -> dict[str, Any]:
    return await made(client, f"/v1/sessions/{session}/registrations", wish or None)


async def accept(client: httpx.AsyncClient, code: str, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/v1/transfers/acceptance", json={"code": code}, headers=headers)


async def test_lan_is_ill_and_mai_goes_instead(service: Running) -> None:
    session = await published_session(service, capacity=3)
    async with service.as_() as lan, service.as_() as mai, service.as_() as duc:
        mine = await asked(lan, session, size=2)
        await asked(service.as_(), session)
        line = await asked(duc, session)
        path = f"/v1/registrations/{mine['id']}"
        await lan.put(f"{path}/companions", json={"names": ["Ngô Bảo Khánh"]})
        old = (await lan.get(f"{path}/ticket")).json()
        assert (await mai.put(f"{path}/transfer")).status_code == 404
        made_out = (await lan.put(f"{path}/transfer", json={"hours": 24})).json()
        code = made_out["code"]
        stored = str(await service.platform.mongo.collection("registrations").find().to_list(None))
        stored += str(await service.platform.mongo.collection("idempotency").find().to_list(None))
        assert code not in stored, "only its hash is kept"
        taken = await accept(mai, code, "k1")
        assert taken.status_code == 201
        new = taken.json()
        assert (new["status"], new["size"], new["bookable_id"]) == ("confirmed", 2, str(session))
        assert new["id"] != mine["id"]
        assert (await accept(mai, code, "k1")).content == taken.content
        assert (await lan.get(path)).json()["status"] == "cancelled"
        assert (await duc.get(f"/v1/registrations/{line['id']}")).json()["status"] == "waiting"
        companions = await mai.get(f"/v1/registrations/{new['id']}/companions")
        assert companions.json() == {"names": []}, "those were Lan's"
        assert (await accept(duc, code)).json()["code"] == "transfer.unknown"
        async with service.as_(Role.GATE) as gate:
            door = f"/v1/sessions/{session}/admissions"
            refused = await gate.post(door, json=old)
            assert (refused.status_code, refused.json()["code"]) == (409, "ticket.cancelled")
            ticket = (await mai.get(f"/v1/registrations/{new['id']}/ticket")).json()
            assert (await gate.post(door, json=ticket)).status_code == 201
        again = await asked(lan, session)
        assert again["status"] == "waiting"
        stale = await lan.put(f"{path}/size", json={"size": 2})
        assert stale.status_code == 404, "that is not the one which she has now"
        late = await mai.put(f"/v1/registrations/{new['id']}/transfer")
        assert (late.status_code, late.json()["code"]) == (409, "registration.admitted")
    rows = service.platform.mongo.collection("outbox")
    told = [row["routing_key"] async for row in rows.find().sort("_id", 1)]
    assert told.count("events.registration.cancelled.v1") == 1
    assert told.count("events.registration.confirmed.v1") == 3


async def test_a_code_is_good_once_until_it_is_withdrawn_or_replaced(service: Running) -> None:
    session = await published_session(service)
    async with service.as_() as lan, service.as_() as mai:
        mine = await asked(lan, session)
        path = f"/v1/registrations/{mine['id']}/transfer"
        first, second = [(await lan.put(path)).json()["code"] for _ in range(2)]
        assert (await accept(mai, first)).status_code == 404
        to_self = await accept(lan, second)
        assert (to_self.status_code, to_self.json()["code"]) == (409, "transfer.to_self")
        assert (await lan.delete(path)).status_code == 204
        assert (await accept(mai, second)).status_code == 404
        third = (await lan.put(path)).json()["code"]
        own = await asked(mai, session)
        has_one = await accept(mai, third)
        assert (has_one.status_code, has_one.json()["code"]) == (409, "registration.exists")
        await made(mai, f"/v1/registrations/{own['id']}/cancellation")
        assert (await accept(mai, third)).status_code == 201


async def test_who_waits_in_line_leaves_it_for_the_place(service: Running) -> None:
    session = await published_session(service, capacity=1)
    async with service.as_() as lan, service.as_() as mai:
        mine, waits = await asked(lan, session), await asked(mai, session)
        code = (await lan.put(f"/v1/registrations/{mine['id']}/transfer")).json()["code"]
        assert (await accept(mai, code)).status_code == 201
        assert (await mai.get(f"/v1/registrations/{waits['id']}")).json()["status"] == "cancelled"
        seats = (await lan.get(f"/v1/sessions/{session}/availability")).json()
    assert seats == {"capacity": 1, "taken": 1, "waiting": 0}


async def test_what_staff_decided_about_only_staff_pass_on(service: Running) -> None:
    session = await published_session(service, kinds=[{"kind": "invited", "approval": True}])
    async with service.as_() as lan, service.as_() as mai, service.as_(Role.ORGANISER) as staff:
        mine = await asked(lan, session, kind="invited")
        path = f"/v1/registrations/{mine['id']}"
        early = await lan.put(f"{path}/transfer")
        assert (early.status_code, early.json()["code"]) == (409, "transfer.nothing")
        await made(staff, f"{path}/approval")
        refused = await lan.put(f"{path}/transfer")
        assert (refused.status_code, refused.json()["code"]) == (409, "registration.staff_only")
        code = (await staff.put(f"{path}/transfer")).json()["code"]
        assert (await accept(mai, code)).status_code == 201


@pytest.fixture
async def clock() -> StandingClock:
    return StandingClock(now())


async def two(settings: Settings, clock: StandingClock, build: Build) -> list[Replica]:
    made = [Replica(settings, clock, build) for _ in range(2)]
    await made[0].mongo.ensure_indexes(made[0].service.all_indexes())
    return made


@pytest.fixture
async def replicas(settings: Settings, clock: StandingClock) -> AsyncIterator[list[Replica]]:
    made = await two(settings, clock, app.build)
    yield made
    for replica in made:
        await replica.mongo.close()


LAN = UUID(int=1)


async def handed_over(replica: Replica, clock: StandingClock) -> AcceptTransfer:
    """A place of two in a full session, for whoever has its code."""
    session = await open_places(replica.mongo, 2)
    await replica.do(Register(new_id(), session, LAN, size=2))
    transfer = TransferCode(b"secret", clock() + timedelta(hours=1))
    assert isinstance(await replica.do(OfferTransfer(session, LAN, transfer)), Reply)
    return AcceptTransfer(new_id(), session, LAN, LAN, transfer.secret)


def takers(code: AcceptTransfer, how_many: int) -> list[AcceptTransfer]:
    return [
        AcceptTransfer(new_id(), code.bookable_id, UUID(int=100 + n), LAN, code.secret)
        for n in range(how_many)
    ]


async def test_of_many_who_accept_at_the_same_instant_one_does(
    replicas: list[Replica], clock: StandingClock
) -> None:
    for _ in range(5):
        code = await handed_over(replicas[0], clock)
        answers = await asyncio.gather(
            *(replicas[n % 2].do(one) for n, one in enumerate(takers(code, 10)))
        )
        assert sum(isinstance(answer, Reply) for answer in answers) == 1
        pool = await replicas[0].places.quota(code.bookable_id)
        assert pool == Quota(code.bookable_id, 2, taken=2)


async def test_control_without_transactions_several_do(
    settings: Settings, clock: StandingClock
) -> None:
    careless = await two(settings, clock, without_transactions(app.build))
    most = 0
    for _ in range(10):
        code = await handed_over(careless[0], clock)
        answers = await asyncio.gather(
            *(careless[n % 2].do(one) for n, one in enumerate(takers(code, 2)))
        )
        most = max(most, sum(isinstance(answer, Reply) for answer in answers))
    assert most > 1
    for replica in careless:
        await replica.mongo.close()


async def test_a_code_that_is_too_old_is_none(
    replicas: list[Replica], clock: StandingClock
) -> None:
    code = await handed_over(replicas[0], clock)
    [taker] = takers(code, 1)
    clock.forward(hours=1)
    assert isinstance(await replicas[0].do(taker), TransferUnknown)
    clock.forward(milliseconds=-1)
    assert isinstance(await replicas[0].do(taker), Reply)
