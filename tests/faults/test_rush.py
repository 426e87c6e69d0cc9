"""A popular session: two thousand people at once for five hundred seats, through two replicas."""

import json
from uuid import UUID

from shared.ids import new_id
from shared.testing.rush import Answers, post, rush
from tests.faults.world import World

CONTENDERS, SEATS = 2_000, 500


async def contend(world: World, without: str | None = None) -> tuple[UUID, Answers]:
    replicas = [await world.run("events", without=without) for _ in range(2)]
    session = await world.session(SEATS)
    path = f"/v1/sessions/{session}/registrations"
    requests = [post(path, world.mint.token(new_id(), seconds=3600)) for _ in range(CONTENDERS)]
    ports = [replica.port for replica in replicas]
    return session, await rush(ports, requests, connections=200, keep=True)


async def confirmed(world: World, session: UUID) -> int:
    query = {"session_id": session, "status": "confirmed"}
    return await world.events.collection("registrations").count_documents(query)


async def test_every_seat_is_taken_once_and_the_line_has_no_gaps(world: World) -> None:
    session, answers = await contend(world)
    assert answers.statuses == {201: CONTENDERS}, "nobody was turned away or saw an error"
    told = [json.loads(body) for body in answers.bodies]
    assert sum(answer["status"] == "confirmed" for answer in told) == SEATS
    assert await confirmed(world, session) == SEATS
    numbers = sorted(answer["number"] for answer in told if answer["status"] == "waiting")
    assert numbers == list(range(1, CONTENDERS - SEATS + 1))
    registrations = world.events.collection("registrations")
    stored = {str(r["_id"]): r["status"] async for r in registrations.find()}
    assert stored == {answer["id"]: answer["status"] for answer in told}, "nobody was told wrong"


async def test_control_without_transactions_it_oversells(world: World) -> None:
    session, _ = await contend(world, without="transactions")
    assert await confirmed(world, session) > SEATS
