"""Registering, cancelling and getting in, over HTTP."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from PIL import Image

from services.events.admission.tickets.signature import TicketSigner
from shared.clock import now
from shared.ids import new_id
from shared.roles import Role
from shared.signing import KeyRing, new_keys
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, published_session


@pytest.fixture
async def session(service: Running) -> UUID:
    return await published_session(service)


@pytest.fixture
async def gate(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.as_(Role.GATE) as staff:
        yield staff


async def register(client: httpx.AsyncClient, session: UUID) -> dict[str, str]:
    return await made(client, f"/v1/sessions/{session}/registrations")


async def test_the_holder_sees_it_and_others_do_not(service: Running, session: UUID) -> None:
    async with service.as_() as lan, service.as_() as other, service.as_(Role.ORGANISER) as staff:
        mine = await register(lan, session)
        path = f"/v1/registrations/{mine['id']}"
        assert (await lan.get(path)).json() == mine
        assert (await staff.get(path)).json() == mine
        for address in (path, f"{path}/ticket", f"{path}/ticket.png"):
            assert (await other.get(address)).status_code == 404
        assert (await other.post(f"{path}/cancellation")).status_code == 404
        assert (await other.get("/v1/registrations")).json()["items"] == []
        assert [r["id"] for r in (await lan.get("/v1/registrations")).json()["items"]] == [
            mine["id"]
        ]


async def test_the_line_says_how_many_stand_before(service: Running, session: UUID) -> None:
    clients = [service.as_() for _ in range(5)]
    got = [await register(client, session) for client in clients]
    assert [(r["status"], r["number"], r["ahead"]) for r in got] == [
        ("confirmed", None, None),
        ("confirmed", None, None),
        ("waiting", 1, 0),
        ("waiting", 2, 1),
        ("waiting", 3, 2),
    ]
    await clients[2].post(f"/v1/registrations/{got[2]['id']}/cancellation")
    last = (await clients[4].get(f"/v1/registrations/{got[4]['id']}")).json()
    assert (last["number"], last["ahead"]) == (3, 1), "the number stays, the line moves"
    for client in clients:
        await client.aclose()


async def test_sent_again_under_its_key_it_is_the_same_registration(
    service: Running, session: UUID
) -> None:
    async with service.as_() as lan:
        key = {"Idempotency-Key": "một-lần".encode().hex()}
        path = f"/v1/sessions/{session}/registrations"
        first = await lan.post(path, headers=key)
        again = await lan.post(path, headers=key)
        plain = await lan.post(path)
    assert (again.status_code, again.content) == (201, first.content)
    assert (plain.status_code, plain.json()["code"]) == (409, "registration.exists")


async def test_a_ticket_lets_in_once_at_its_own_session(
    service: Running, session: UUID, gate: httpx.AsyncClient
) -> None:
    elsewhere = await published_session(service)
    async with service.as_() as lan:
        mine = await register(lan, session)
        ticket = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()
        wrong = await gate.post(f"/v1/sessions/{elsewhere}/admissions", json=ticket)
        assert (wrong.status_code, wrong.json()["code"]) == (409, "ticket.wrong_session")
        admitted = await gate.post(f"/v1/sessions/{session}/admissions", json=ticket)
        assert admitted.status_code == 201
        assert admitted.json()["admitted_at"] is not None
        again = await gate.post(f"/v1/sessions/{session}/admissions", json=ticket)
        assert (again.status_code, again.json()["code"]) == (409, "ticket.already_in")
        late = await lan.post(f"/v1/registrations/{mine['id']}/cancellation")
        assert (late.status_code, late.json()["code"]) == (409, "registration.admitted")


async def test_of_many_gates_at_one_instant_one_admits(
    service: Running, session: UUID, gate: httpx.AsyncClient
) -> None:
    async with service.as_() as lan:
        mine = await register(lan, session)
        ticket = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()
    path = f"/v1/sessions/{session}/admissions"
    answers = await asyncio.gather(*(gate.post(path, json=ticket) for _ in range(12)))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 11
    admissions = {"routing_key": "events.registration.admitted.v1"}
    rows = service.platform.mongo.collection("outbox")
    assert await rows.count_documents(admissions) == 1


async def test_what_is_no_ticket_of_ours_is_refused(
    service: Running, session: UUID, gate: httpx.AsyncClient
) -> None:
    async with service.as_() as lan:
        mine = await register(lan, session)
        good = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()["ticket"]
    forged = TicketSigner(KeyRing(new_keys())).sign(UUID(mine["id"]), session)
    # Not its last letters: one signature in 256 ends in AA, and then nothing would be changed.
    altered = good[:-9] + ("B" if good[-9] == "A" else "A") + good[-8:]
    for shown in ("x", "a.b.c", "Đường.dây.nóng", altered, forged, good + "x"):
        answer = await gate.post(f"/v1/sessions/{session}/admissions", json={"ticket": shown})
        assert (answer.status_code, answer.json()["code"]) == (422, "ticket.invalid"), shown


async def test_a_cancelled_or_waiting_registration_has_no_ticket(
    service: Running, session: UUID, gate: httpx.AsyncClient
) -> None:
    async with service.as_() as lan, service.as_() as duc, service.as_() as ngoc:
        first = await register(lan, session)
        await register(duc, session)
        waiting = await register(ngoc, session)
        ticket = (await lan.get(f"/v1/registrations/{first['id']}/ticket")).json()
        assert (await ngoc.get(f"/v1/registrations/{waiting['id']}/ticket")).status_code == 409
        await lan.post(f"/v1/registrations/{first['id']}/cancellation")
        refused = await gate.post(f"/v1/sessions/{session}/admissions", json=ticket)
        assert (refused.status_code, refused.json()["code"]) == (409, "ticket.cancelled")
        promoted = await ngoc.get(f"/v1/registrations/{waiting['id']}/ticket")
        assert promoted.status_code == 200


@pytest.mark.parametrize(
    ("starts_in", "code"),
    [
        (timedelta(hours=2, minutes=1), "ticket.too_early"),
        (timedelta(hours=-3), "ticket.too_late"),
    ],
)
async def test_the_gate_is_open_from_two_hours_before_until_the_end(
    service: Running, gate: httpx.AsyncClient, starts_in: timedelta, code: str
) -> None:
    starts = now() + starts_in
    session = await published_session(
        service,
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=2)).isoformat(),
        closes_at=(now() + timedelta(hours=1)).isoformat(),
    )
    async with service.as_() as lan:
        mine = await register(lan, session)
        ticket = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()
    refused = await gate.post(f"/v1/sessions/{session}/admissions", json=ticket)
    assert (refused.status_code, refused.json()["code"]) == (409, code)


async def test_the_ticket_as_a_picture_is_small_enough_to_scan(
    service: Running, session: UUID
) -> None:
    async with service.as_() as lan:
        mine = await register(lan, session)
        answer = await lan.get(f"/v1/registrations/{mine['id']}/ticket.png")
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.format == "PNG"
    assert picture.width == picture.height < 6 * (17 + 4 * 12 + 8), "at most QR version 12"


async def test_a_ticket_can_be_verified_with_the_published_keys_alone(
    service: Running, session: UUID
) -> None:
    from joserfc import jws
    from joserfc.jwk import KeySet

    async with service.as_() as lan, service.anonymous() as scanner:
        mine = await register(lan, session)
        token = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()["ticket"]
        keys = KeySet.import_key_set((await scanner.get("/v1/ticket-keys")).json())
    found = jws.deserialize_compact(token, keys, algorithms=["Ed25519"])
    assert mine["id"].replace("-", "") not in found.payload.decode(), "ids are packed"
    assert all("d" not in key.as_dict(private=False) for key in keys.keys)


async def test_a_ticket_of_a_registration_that_is_gone_is_none_of_ours(
    service: Running, session: UUID, gate: httpx.AsyncClient
) -> None:
    tickets = next(p for p in service.process.service.provides if isinstance(p, TicketSigner))
    stray = tickets.sign(new_id(), new_id())
    answer = await gate.post(f"/v1/sessions/{session}/admissions", json={"ticket": stray})
    assert (answer.status_code, answer.json()["code"]) == (422, "ticket.invalid")
