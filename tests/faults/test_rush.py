"""A popular session: hundreds at once for its seats, through three replicas, some giving up."""

from uuid import UUID

import pytest

from shared.testing.rush import Answers
from shared.testing.waiting import eventually
from tests.faults.crowd import GIVES_BACK, Crowd, broken_laws
from tests.faults.world import World

CONTENDERS, SEATS = 2_000, 500  # benchmarks/rush.py plays it with 10,000


async def contend(world: World, without: str | None = None) -> tuple[UUID, Crowd, Answers]:
    replicas = [await world.run("events", without=without) for _ in range(3)]
    session = await world.session(SEATS)
    crowd = Crowd(world.token_issuer, session, CONTENDERS)
    answers = await crowd.contend([replica.port for replica in replicas], connections=200)
    return session, crowd, answers


async def test_every_seat_is_taken_once_the_line_is_in_order_and_nobody_is_told_wrong(
    world: World,
) -> None:
    session, crowd, answers = await contend(world)
    gone = answers.statuses[200]
    assert answers.statuses == {201: CONTENDERS, 200: gone}, "nobody saw an error"
    assert gone > SEATS // GIVES_BACK, "some give up while others come"
    assert await broken_laws(world.events, crowd, session, SEATS) == []
    await eventually(world.all_relayed, "every event to be published")

    registrations = world.events.collection("registrations")
    await registrations.update_one({"status": "waiting"}, {"$set": {"status": "confirmed"}})
    broken = await broken_laws(world.events, crowd, session, SEATS)
    for law in ("501 confirmed", "the pool says", "events told"):
        assert any(law in text for text in broken), "the laws see one wrong row"


@pytest.mark.parametrize(
    ("guard", "breaks"), [("transactions", "confirmed for"), ("turn", "was let in before")]
)
async def test_control_without_a_guard_a_law_is_broken(
    world: World, guard: str, breaks: str
) -> None:
    session, crowd, _ = await contend(world, without=guard)
    broken = await broken_laws(world.events, crowd, session, SEATS)
    assert any(breaks in law for law in broken), broken[:5]
