"""Gates over HTTP: on line, and long after; live occupancy; conflicts; two gates at one instant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.events.app import build
from services.events.settings import Settings
from shared.clock import now
from shared.contracts.events import RegistrationAdmitted
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from shared.testing.tokens import TokenIssuer
from tests.events.programme.sample_programme import edition, made, published_session
from tests.helping.guards import without_transactions
from tests.helping.told import told


@pytest.fixture
async def gate(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.as_(Role.GATE) as staff:
        yield staff


async def described(service: Running, *sessions: UUID, **facts: Any) -> str:
    """A gate for these sessions; its path."""
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition(f"g-{new_id().hex[-8:]}"))
        body = {"name": "Cổng Gia Lâm", "sessions": [str(s) for s in sessions]} | facts
        found = await made(organiser, f"/v1/editions/{planned['id']}/gates", body)
    return f"/v1/gates/{found['id']}"


async def ticket(client: httpx.AsyncClient, session: UUID, **wish: Any) -> dict[str, str]:
    mine = await made(client, f"/v1/sessions/{session}/registrations", wish or None)
    shown = (await client.get(f"/v1/registrations/{mine['id']}/ticket")).json()["ticket"]
    return {"id": mine["id"], "ticket": shown}


def a_scan(of: dict[str, str], at: datetime | None = None, **more: Any) -> dict[str, Any]:
    moment = (at or now()).isoformat()
    return {"nonce": str(uuid4()), "ticket": of["ticket"], "at": moment, "device": "máy 1"} | more


async def sent(gate: httpx.AsyncClient, path: str, *scans: dict[str, Any]) -> list[str]:
    answer = await gate.post(f"{path}/scans", json={"scans": scans})
    assert answer.status_code == 200, answer.text
    return [one["answer"] + ("!" if one["conflict"] else "") for one in answer.json()["results"]]


async def test_in_out_and_in_again_with_live_occupancy(
    service: Running, gate: httpx.AsyncClient
) -> None:
    session = await published_session(service, capacity=9)
    path = await described(service, session, re_entry="after_exit")
    async with service.as_() as lan, service.as_() as mai:
        mine, hers = await ticket(lan, session, size=3), await ticket(mai, session)

        async def people() -> tuple[int, int]:
            found = (await gate.get(f"/v1/sessions/{session}/occupancy")).json()
            return found["inside"], found["admitted"]

        assert await people() == (0, 0)
        assert await sent(gate, path, a_scan(mine), a_scan(hers)) == ["admitted", "admitted"]
        assert await people() == (4, 4)
        assert await sent(gate, path, a_scan(mine)) == ["already_in"]
        assert await sent(gate, path, a_scan(mine, way="out")) == ["left"]
        assert await people() == (1, 4)
        assert await sent(gate, path, a_scan(mine)) == ["admitted"]
        assert await people() == (4, 4)
        listed = (await gate.get(f"{path}/tickets")).json()["items"]
        assert {(t["registration_id"], t["size"], t["inside"]) for t in listed} == {
            (mine["id"], 3, True),
            (hers["id"], 1, True),
        }
        async with service.as_(Role.ORGANISER) as organiser:
            trace = (await organiser.get(f"/v1/registrations/{mine['id']}/scans")).json()
        assert [one["answer"] for one in trace] == ["admitted", "already_in", "left", "admitted"]
    told = {"routing_key": "events.registration.admitted.v1"}
    assert await service.platform.mongo.collection("outbox").count_documents(told) == 2


async def test_offline_scans_come_late_in_any_order_and_twice(
    service: Running, gate: httpx.AsyncClient
) -> None:
    session = await published_session(service)
    east, west = [await described(service, session) for _ in range(2)]
    async with service.as_() as lan, service.as_(Role.ORGANISER) as organiser:
        mine = await ticket(lan, session)
        noon = now() - timedelta(minutes=10)
        first = a_scan(mine, noon, told="admitted")
        second = a_scan(mine, noon + timedelta(minutes=2), told="admitted")
        third = a_scan(mine, noon + timedelta(minutes=4), told="already_in")
        assert await sent(gate, west, third, second) == ["already_in", "admitted"]
        assert await sent(gate, west, second) == ["admitted"], "sent again: the same scan"
        assert await sent(gate, east, first) == ["admitted"]
        assert await sent(gate, west, second, third) == ["already_in!", "already_in"]
        [conflict] = (await gate.get(f"/v1/sessions/{session}/conflicts")).json()
        assert conflict["registration_id"] == mine["id"]
        assert [s["conflict"] for s in conflict["scans"]] == [False, True, False]
        read = (await lan.get(f"/v1/registrations/{mine['id']}")).json()
        assert datetime.fromisoformat(read["admitted_at"]) == noon.replace(
            microsecond=noon.microsecond // 1000 * 1000
        )
        assert (await organiser.get(f"/v1/registrations/{mine['id']}/scans")).is_success


async def asked_at_one_instant(settings: Settings, made_by: Any = build) -> list[str]:
    """What twelve gates whose clocks disagree are told of one ticket, by three replicas."""
    async with AsyncExitStack() as stack:
        mint = TokenIssuer()
        replicas = [
            await stack.enter_async_context(
                running(made_by, settings, roles=frozenset({ProcessRole.API}), token_issuer=mint)
            )
            for _ in range(3)
        ]
        session = await published_session(replicas[0])
        paths = [await described(replicas[0], session) for _ in range(3)]
        mine = await ticket(await stack.enter_async_context(replicas[0].as_()), session)
        gates = [await stack.enter_async_context(one.as_(Role.GATE)) for one in replicas]
        answers = await asyncio.gather(
            *(
                sent(gates[n % 3], paths[n // 4], a_scan(mine, now() - timedelta(seconds=n)))
                for n in range(12)
            )
        )
    return sorted(answer for [answer] in answers)


async def test_of_many_gates_that_ask_at_one_instant_one_admits(settings: Settings) -> None:
    assert await asked_at_one_instant(settings) == ["admitted"] + ["already_in"] * 11


async def test_control_without_transactions_several_gates_admit(settings: Settings) -> None:
    careless = without_transactions(build, pause=0.05)
    assert (await asked_at_one_instant(settings, careless)).count("admitted") > 1


async def test_what_is_scanned_together_is_judged_one_after_the_other(
    service: Running, gate: httpx.AsyncClient
) -> None:
    """In one process they go into one transaction: what the first changes, the next one sees."""
    session = await published_session(service, capacity=9)
    path = await described(service, session)
    async with service.as_() as lan, service.as_() as mai:
        mine, hers = await ticket(lan, session), await ticket(mai, session)
        unknown = f"/v1/gates/{uuid4()}"
        answers = await asyncio.gather(
            *(sent(gate, path, a_scan(of)) for of in (mine, mine, hers, mine, hers)),
            gate.post(f"{unknown}/scans", json={"scans": [a_scan(mine)]}),
        )
        assert sorted(one for [one] in answers[:5]) == ["admitted"] * 2 + ["already_in"] * 3
        assert answers[5].json()["code"] == "gate.unknown", "and costs the others nothing"
        told_of = await told(service.platform.mongo, RegistrationAdmitted)
        assert len(told_of) == 2
    audit = service.platform.mongo.collection("audit").find({"action": "registration.scan"})
    assert len(await audit.to_list(None)) == 5, "each in the name of who scanned"


async def test_a_blocked_ticket_lets_nobody_in_until_it_is_free_again(
    service: Running, gate: httpx.AsyncClient
) -> None:
    session = await published_session(service)
    path = await described(service, session)
    async with service.as_() as lan, service.as_(Role.ORGANISER) as organiser:
        mine = await ticket(lan, session)
        block = f"/v1/registrations/{mine['id']}/block"
        assert (await lan.put(block, json={"blocked": True})).status_code == 403
        assert (await organiser.put(block, json={"blocked": True})).status_code == 200
        assert await sent(gate, path, a_scan(mine)) == ["blocked"]
        refused = await gate.post(
            f"/v1/sessions/{session}/admissions", json={"ticket": mine["ticket"]}
        )
        assert refused.json()["code"] == "ticket.blocked"
        assert (await organiser.put(block, json={"blocked": False})).status_code == 200
        assert await sent(gate, path, a_scan(mine)) == ["admitted"]
    told = {"routing_key": "events.registration.confirmed.v1"}
    assert await service.platform.mongo.collection("outbox").count_documents(told) == 1


async def test_what_else_a_gate_may_say(service: Running, gate: httpx.AsyncClient) -> None:
    session, other = [
        await published_session(service, capacity=5, kinds=[{"kind": "general"}, {"kind": "press"}])
        for _ in range(2)
    ]
    path = await described(service, session, kinds=["press"])
    async with service.as_() as lan, service.as_() as mai, service.as_() as hoa:
        general, press = await ticket(lan, session), await ticket(mai, session, kind="press")
        elsewhere = await ticket(hoa, other, kind="press")
        tomorrow = now() + timedelta(days=1)
        assert await sent(
            gate,
            path,
            a_scan(general),
            a_scan(elsewhere),
            a_scan(press, tomorrow, told="too_late"),
            a_scan(press, now() - timedelta(days=1), told="too_early"),
            a_scan({"ticket": "không phải vé"}),
            a_scan(press, way="out"),
            a_scan(press),
        ) == [
            "wrong_kind",
            "wrong_session",
            "too_late",
            "too_early",
            "unknown",
            "not_in",
            "admitted",
        ]
        gone = await ticket(hoa, session, kind="press")
        await hoa.post(f"/v1/registrations/{gone['id']}/cancellation")
        before = now() - timedelta(seconds=30)  # by a clock that is slow
        assert await sent(gate, path, a_scan(gone)) == ["cancelled"]
        assert await sent(gate, path, a_scan(gone, before)) == ["cancelled"]
        assert await sent(gate, path, a_scan(gone, before, told="admitted")) == ["admitted!"], (
            "gone since: somebody else may have the place"
        )


async def test_one_nonce_on_two_tickets_mixes_nothing_up(
    service: Running, gate: httpx.AsyncClient
) -> None:
    session, other = [await published_session(service) for _ in range(2)]
    path = await described(service, session)
    async with service.as_() as lan:
        here, elsewhere = await ticket(lan, session), await ticket(lan, other)
    nonce = str(uuid4())
    scans = [a_scan(one, nonce=nonce) for one in (here, elsewhere, {"ticket": "không phải vé"})]
    assert await sent(gate, path, *scans) == ["admitted", "wrong_session", "unknown"]


async def test_a_gate_that_makes_no_sense_is_refused(
    service: Running, gate: httpx.AsyncClient
) -> None:
    session = await published_session(service)
    path = await described(service, session)
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition("cong"))
        gates = f"/v1/editions/{planned['id']}/gates"
        body = {"name": "Cổng", "sessions": [str(session)]}
        for bad, status in (
            (body | {"sessions": []}, 422),
            (body | {"sessions": [str(new_id())]}, 404),
            (body | {"name": "hai\ndòng"}, 422),
            (body | {"opens_before": -1}, 422),
            (body | {"re_entry": "đôi khi"}, 422),
        ):
            assert (await organiser.post(gates, json=bad)).status_code == status
    for bad_scans in ([], [{"nonce": "x"}], [a_scan({"ticket": "v"}, way="up")]):
        assert (await gate.post(f"{path}/scans", json={"scans": bad_scans})).status_code == 422
    assert (await gate.get(f"/v1/gates/{new_id()}")).status_code == 404
