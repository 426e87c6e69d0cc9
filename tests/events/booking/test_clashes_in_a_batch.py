"""A clash look-up that fails or hangs may delay a batch of registrations, but never fail it."""

import asyncio
from collections.abc import AsyncIterator, Collection
from uuid import UUID

import pytest

from services.events.booking.batching import service
from services.events.booking.batching.service import RegistrationService
from services.events.booking.clashes.queries import Clashes
from services.events.booking.registrations.commands import Claim, Register
from services.events.settings import Settings
from shared.clock import now
from shared.http.idempotency import Reply
from shared.ids import new_id
from tests.events.conftest import open_places
from tests.events.interleavings import Replica
from tests.helping.clock import StandingClock

WITHIN = 0.2  # seconds


class LookUpBroken(Exception):
    pass


class Broken:
    async def of(self, claims: Collection[Claim]) -> Clashes:
        raise LookUpBroken


class Hanging:
    async def of(self, claims: Collection[Claim]) -> Clashes:
        await asyncio.sleep(600)
        return {}


@pytest.fixture
async def replica(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Replica]:
    monkeypatch.setattr(service, "CLASHES_WITHIN", WITHIN)
    made = Replica(settings, StandingClock(now()))
    await made.mongo.ensure_indexes(made.service.all_indexes())
    yield made
    await made.mongo.close()


async def asked(replica: Replica, people: int = 20) -> tuple[list[object], int]:
    """The answers to so many who register at once, and how many are confirmed then."""
    session = await open_places(replica.mongo, people)
    registering = (
        replica.desk(Register(new_id(), session, UUID(int=n)), status=201, idempotency_key=None)
        for n in range(1, people + 1)
    )
    async with asyncio.timeout(50 * WITHIN):
        answers = await asyncio.gather(*registering, return_exceptions=True)
    confirmed = {"bookable_id": session, "status": "confirmed"}
    return list(answers), await replica.mongo.collection("registrations").count_documents(confirmed)


@pytest.mark.parametrize("clashes", [Broken(), Hanging()])
async def test_everybody_is_registered_though_nobody_knows_of_clashes(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, clashes: object
) -> None:
    monkeypatch.setattr(replica.desk, "_clashes", clashes)
    answers, confirmed = await asked(replica)
    assert all(isinstance(one, Reply) and b'"clashes":[]' in one.body for one in answers), answers
    assert confirmed == 20


@pytest.mark.parametrize("clashes", [Broken(), Hanging()])
async def test_control_a_look_up_without_a_guard_fails_everybody(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, clashes: Broken | Hanging
) -> None:
    async def unguarded(_: RegistrationService, claims: Collection[Claim]) -> Clashes:
        return await clashes.of(claims)

    monkeypatch.setattr(RegistrationService, "_look_up", unguarded)
    if isinstance(clashes, Hanging):
        with pytest.raises(TimeoutError):
            await asked(replica)
        return
    answers, confirmed = await asked(replica)
    assert all(isinstance(one, LookUpBroken) for one in answers)
    assert confirmed == 0
