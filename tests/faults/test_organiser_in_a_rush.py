"""An organiser who changes a session in the middle of its rush is heard then, not afterwards."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from services.events.programme.venues.store import Venues
from shared.clock import now
from shared.contracts.registry import SpacePublished
from shared.http.tls import trusted_authorities
from shared.ids import new_id
from shared.roles import Role
from shared.testing.rush import post, rush
from shared.testing.waiting import eventually
from shared.text import Localized
from tests.events.programme.sample_programme import edition, made
from tests.faults.world import ServiceProcess, World

CONTENDERS, SEATS, MORE = 1_500, 300, 400


class Organiser:
    """Plans a session, has it released, and changes it."""

    def __init__(self, world: World, process: ServiceProcess) -> None:
        self._world = world
        token = world.token_issuer.token(new_id(), Role.ORGANISER, seconds=3600)
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.AsyncClient(
            base_url=process.url, headers=headers, timeout=60, verify=trusted_authorities()
        )

    async def session(self) -> UUID:
        planned = await made(self.client, "/v1/editions", edition())
        kind = {"title": {"vi": "Đêm khai mạc"}, "kind": "ceremony"}
        path = f"/v1/editions/{planned['id']}/activities"
        activity = await made(self.client, path, kind)
        starts = now() + timedelta(hours=2)
        body = {
            "venue_id": str(await self._venue()),
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=2)).isoformat(),
            "capacity": SEATS,
            "opens_at": (now() - timedelta(days=1)).isoformat(),
            "closes_at": starts.isoformat(),
        }
        key = (await made(self.client, f"/v1/activities/{activity['id']}/sessions", body))["id"]
        await made(self.client, f"/v1/sessions/{key}/publication")
        return UUID(key)

    async def _venue(self) -> UUID:
        key, mongo = new_id(), self._world.events
        space = SpacePublished(
            space_id=key,
            slug="quang-truong",
            name=Localized(vi="Quảng trường Đông Kinh Nghĩa Thục"),
            kind="public",
            address="Đinh Tiên Hoàng",
            ward="Phường Hoàn Kiếm",
        )
        await mongo.transaction(lambda tx: Venues(mongo).project(tx, space, 1))
        return key

    async def more_seats(self, session: UUID) -> None:
        path = f"/v1/sessions/{session}"
        current = await self.client.get(path)
        facts = current.json()["facts"] | {"capacity": MORE}
        etag = {"If-Match": current.headers["etag"]}
        (await self.client.put(path, json=facts, headers=etag)).raise_for_status()
        await made(self.client, f"{path}/publication")


async def rushed(world: World, session: UUID, replicas: list[ServiceProcess], deed: Any) -> int:
    """How many had been answered when the deed was done."""
    path = f"/v1/sessions/{session}/registrations"
    requests = [
        post(path, world.token_issuer.token(new_id(), seconds=3600)) for _ in range(CONTENDERS)
    ]
    answered = 0
    some = asyncio.Event()

    def hear(status: int, _: bytes) -> None:
        nonlocal answered
        answered += 1
        if answered > CONTENDERS // 5:
            some.set()

    ports = [replica.port for replica in replicas]
    crowd = asyncio.create_task(rush(ports, iter(requests), connections=200, on_answer=hear))
    await some.wait()
    await deed
    then = answered
    answers = await crowd
    assert set(answers.statuses) <= {201, 409}
    return then


async def more_seats(world: World, without: str | None = None) -> tuple[UUID, int]:
    replicas = [await world.run("events", without=without) for _ in range(3)]
    organiser = Organiser(world, replicas[0])
    async with organiser.client:
        session = await organiser.session()
        return session, await rushed(world, session, replicas, organiser.more_seats(session))


async def test_more_seats_in_the_middle_of_a_rush(world: World) -> None:
    session, then = await more_seats(world)
    assert then < CONTENDERS * 4 // 5, "it did not have to wait for the end"
    confirmed = {"bookable_id": session, "status": "confirmed"}
    assert await world.events.collection("registrations").count_documents(confirmed) == MORE


async def test_control_who_reads_first_and_writes_later_waits_for_the_end(world: World) -> None:
    _, then = await more_seats(world, without="claim")
    assert then >= CONTENDERS * 4 // 5


async def test_a_session_is_cancelled_in_the_middle_of_a_rush(world: World) -> None:
    replicas = [await world.run("events") for _ in range(3)]
    organiser = Organiser(world, replicas[0])
    async with organiser.client:
        session = await organiser.session()
        why = {"reason": {"vi": "Bão số 12"}}
        off = made(organiser.client, f"/v1/sessions/{session}/cancellation", why)
        then = await rushed(world, session, replicas, off)
    assert then < CONTENDERS * 4 // 5
    registrations = world.events.collection("registrations")

    async def nobody_left() -> bool:
        live = {"bookable_id": session, "claim": {"$exists": True}}
        return await registrations.count_documents(live) == 0

    await eventually(nobody_left, "everybody's registration to be ended", seconds=60)
