"""What is not held, in whole or in part, and what lasts longer: who is told, who gets in."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from services.events.booking.opening.service import SeatService
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.session_endings.jobs import CancelledSessionJob
from services.events.settings import Settings
from shared.contracts.events import (
    EditionAnnounced,
    EditionCancelled,
    RegistrationCancelled,
    SessionCancelled,
)
from shared.ids import new_id
from shared.mongo import Mongo
from shared.roles import Role
from tests.events.booking.test_registration_service import Careless, Replica
from tests.events.festival import Festival
from tests.events.programme.sample_programme import made, venue
from tests.helping.told import told

WHY = {"reason": {"vi": "Bão số 12", "en": "Typhoon No. 12"}}


async def test_a_cancelled_session_takes_nobody_and_all_hear_why(festival: Festival) -> None:
    key, other = await festival.plan(capacity=2), await festival.plan()
    await festival.release()
    people = [new_id() for _ in range(4)]
    for who in people:
        async with festival.service.as_(person=who) as client:
            got = await made(client, f"/v1/sessions/{key}/registrations")
    async with festival.service.as_(person=people[3]) as waits:
        await made(festival.organiser, f"/v1/sessions/{key}/cancellation", WHY)
        again = await made(festival.organiser, f"/v1/sessions/{key}/cancellation", WHY)
        assert again["cancelled"]["reason"]["vi"] == "Bão số 12"
        for path in (f"sessions/{key}/registrations", f"registrations/{got['id']}/confirmation"):
            refused = await waits.post(f"/v1/{path}")
            assert (refused.status_code, refused.json()["code"]) == (409, "session.cancelled")
        await festival.end()
        mine = (await waits.get(f"/v1/registrations/{got['id']}")).json()
        assert mine["status"] == "cancelled"
    mongo = festival.service.platform.mongo
    ended = await told(mongo, RegistrationCancelled)
    assert {one.person_id for one in ended} == set(people)
    assert len(ended) == 4
    assert sum(one.held_place for one in ended) == 2
    assert {one.called_off.reason.en for one in ended if one.called_off} == {"Typhoon No. 12"}
    assert [one.session_id for one in await told(mongo, SessionCancelled)] == [UUID(key)]
    assert await festival.notify() == [], "holders have heard by then; it had no host"
    async with festival.service.anonymous() as anyone:
        shown = (await anyone.get(f"/v1/sessions/{key}")).json()
        assert shown["cancelled"]["reason"]["en"] == "Typhoon No. 12"
        ics = (await anyone.get(f"{festival.path}/calendar.ics")).text
        assert (ics.count("STATUS:CANCELLED"), ics.count("STATUS:CONFIRMED")) == (1, 1)
        [change] = (await anyone.get(f"{festival.path}/releases/2")).json()["changes"]
        assert (change["kind"], change["after"]) == ("cancelled", None)
    refused = await festival.redraft(key, capacity=5)
    assert refused.json()["code"] == "session.cancelled"
    assert (await festival.organiser.get(f"/v1/sessions/{other}")).json()["cancelled"] is None


@pytest.mark.parametrize(("kind", "right"), [(Mongo, True), (Careless, False)])
async def test_two_replicas_at_once_end_each_registration_once(
    festival: Festival, settings: Settings, kind: type[Mongo], right: bool
) -> None:
    """The control has no transactions: both end the same registrations."""
    key = await festival.plan(capacity=20)
    await festival.release()
    people = [new_id() for _ in range(20)]
    for who in people:
        async with festival.service.as_(person=who) as client:
            await made(client, f"/v1/sessions/{key}/registrations")
    await made(festival.organiser, f"/v1/sessions/{key}/cancellation", WHY)
    replicas = [Replica(settings, kind) for _ in range(2)]

    async def end(replica: Replica) -> None:
        job: CancelledSessionJob = replica.service.workers["endings"].__self__  # type: ignore[attr-defined]
        while await job.look() or await job.unfinished():
            pass

    await asyncio.gather(*(end(replica) for replica in replicas))
    for replica in replicas:
        await replica.mongo.close()
    ended = await told(festival.service.platform.mongo, RegistrationCancelled)
    found = Counter(one.person_id for one in ended)
    assert found.keys() == set(people)
    assert (max(found.values()) == 1) is right


async def test_who_was_let_in_before_the_cancellation_keeps_that(festival: Festival) -> None:
    key = await festival.plan()
    await festival.release()
    async with festival.service.as_() as lan, festival.service.as_(Role.GATE) as gate:
        mine = await made(lan, f"/v1/sessions/{key}/registrations")
        ticket = (await lan.get(f"/v1/registrations/{mine['id']}/ticket")).json()["ticket"]
        await made(gate, f"/v1/sessions/{key}/admissions", {"ticket": ticket})
        await made(festival.organiser, f"/v1/sessions/{key}/cancellation", WHY)
        await festival.end()
        kept = (await lan.get(f"/v1/registrations/{mine['id']}")).json()
    assert (kept["status"], bool(kept["admitted_at"])) == ("confirmed", True)


async def test_a_storm_cancels_a_venue_and_an_afternoon(festival: Festival) -> None:
    soon, later = await festival.plan(), await festival.plan()
    await festival.move(later, days=1)
    await festival.release()
    facts = (await festival.organiser.get(f"/v1/sessions/{soon}")).json()["facts"]
    path = f"{festival.path}/cancellations"
    nothing = await festival.organiser.post(path, json=WHY)
    assert nothing.status_code == 422, "the whole edition is not cancelled by leaving things out"
    storm = {"since": facts["starts_at"], "until": facts["ends_at"], **WHY}
    assert (await made(festival.organiser, path, storm))["counts"]["cancelled"] == 1
    none_left = await festival.organiser.post(path, json=storm)
    assert none_left.json()["code"] == "release.nothing"
    at_venue = {"venue_id": facts["venue_id"], **WHY}
    assert (await festival.organiser.post(path, json=at_venue)).json()["code"] == "release.nothing"
    state = {
        key: (await festival.organiser.get(f"/v1/sessions/{key}")).json()["cancelled"] is None
        for key in (soon, later)
    }
    assert state == {soon: False, later: True}


async def test_all_that_selects_sessions_has_to_be_true(festival: Festival) -> None:
    place = str(await venue(festival.service))
    first, second = [await festival.plan(venue_id=place) for _ in range(2)]
    elsewhere = await festival.plan()
    await festival.move(second, days=1)
    await festival.release()
    path = f"{festival.path}/cancellations"
    starts = (await festival.organiser.get(f"/v1/sessions/{second}")).json()["facts"]["starts_at"]

    async def held() -> list[str]:
        found = [(await festival.organiser.get(f"/v1/sessions/{key}")).json()
                 for key in (first, second, elsewhere)]  # fmt: skip
        return [one["id"] for one in found if one["cancelled"] is None]

    for nothing in (
        {"venue_id": place, "sessions": [elsewhere]},
        {"venue_id": place, "sessions": [first], "since": starts},
        {"sessions": [second], "until": starts},
    ):
        answer = await festival.organiser.post(path, json=WHY | nothing)
        assert answer.json()["code"] == "release.nothing"
    await made(festival.organiser, path, WHY | {"venue_id": place, "since": starts})
    assert await held() == [first, elsewhere]
    await made(festival.organiser, path, WHY | {"venue_id": place})
    assert await held() == [elsewhere]


async def test_a_whole_edition_is_cancelled(festival: Festival) -> None:
    public, planned = await festival.plan(), await festival.plan()
    await festival.release(sessions=[public])
    off = await made(festival.organiser, f"{festival.path}/cancellation", WHY)
    assert off["cancelled"]["reason"]["vi"] == "Bão số 12"
    mongo = festival.service.platform.mongo
    assert [str(one.edition_id) for one in await told(mongo, EditionCancelled)] == [
        festival.edition
    ]
    assert [str(one.session_id) for one in await told(mongo, SessionCancelled)] == [public]
    for key in (public, planned):
        answer = await festival.organiser.post(f"/v1/sessions/{key}/publication")
        assert answer.json()["code"] == "session.cancelled"
    longer = await festival.organiser.post(
        f"{festival.path}/extension", json={"ends_on": "2026-12-01"}
    )
    assert longer.json()["code"] == "edition.cancelled"


async def test_an_extension_lengthens_what_lasts_until_the_end(festival: Festival) -> None:
    """As in 2023: planned until the 26th, extended to the 28th."""
    days = {"starts_at": "2026-11-07T09:00:00+07:00", "ends_at": "2026-11-15T21:00:00+07:00"}
    terms = {"opens_at": "2026-10-01T00:00:00Z", "closes_at": "2026-11-15T20:00:00+07:00"}
    exhibition = await festival.plan(**days, **terms)
    evening = await festival.plan(
        starts_at="2026-11-15T19:00:00+07:00", ends_at=days["ends_at"], **terms
    )
    await festival.release()
    path = f"{festival.path}/extension"
    longer = await made(festival.organiser, path, {"ends_on": "2026-11-17"})
    assert longer["edition"]["facts"]["ends_on"] == "2026-11-17"
    assert longer["drafts"] == [exhibition]
    refused = await festival.organiser.post(path, json={"ends_on": "2026-11-17"})
    assert refused.json()["code"] == "edition.not_later"
    await festival.release()
    async with festival.service.anonymous() as anyone:
        facts = (await anyone.get(f"/v1/sessions/{exhibition}")).json()["facts"]
        assert facts["ends_at"] == "2026-11-17T14:00:00Z"
        assert facts["closes_at"] == "2026-11-17T13:00:00Z"
        same = (await anyone.get(f"/v1/sessions/{evening}")).json()["facts"]
        assert same["ends_at"] == "2026-11-15T14:00:00Z"
    announced = await told(festival.service.platform.mongo, EditionAnnounced)
    assert [one.ends_on for one in announced] == ["2026-11-15", "2026-11-17"]


async def _registers_while_it_is_cancelled(
    festival: Festival, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """A transaction has read the places; then the session is cancelled; then it goes on."""
    key = await festival.plan()
    await festival.release()
    cancelled, reading = asyncio.Event(), asyncio.Event()
    read = QuotaStore.read_quotas

    async def slow(self: QuotaStore, tx: Any, pools: Any) -> Any:
        found = await read(self, tx, pools)
        if found and not reading.is_set():
            reading.set()
            await cancelled.wait()
        return found

    monkeypatch.setattr(QuotaStore, "read_quotas", slow)
    async with festival.service.as_() as lan:
        answer = asyncio.create_task(lan.post(f"/v1/sessions/{key}/registrations"))
        await reading.wait()
        await made(festival.organiser, f"/v1/sessions/{key}/cancellation", WHY)
        cancelled.set()
        return await answer


async def test_nobody_gets_in_beside_a_cancellation(
    festival: Festival, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await _registers_while_it_is_cancelled(festival, monkeypatch)
    assert (answer.status_code, answer.json()["code"]) == (409, "session.cancelled")


async def test_control_a_cancellation_that_leaves_the_pool_alone_lets_somebody_in(
    festival: Festival, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leaves_the_quota(self: SeatService, tx: Any, bookable_id: UUID, why: Any) -> None:
        await self._stores.quotas.cancel(tx, bookable_id, why)

    async def unclaimed(self: QuotaStore, tx: Any, pools: Any) -> None:
        pass

    monkeypatch.setattr(SeatService, "close", leaves_the_quota)
    monkeypatch.setattr(QuotaStore, "claim", unclaimed)
    answer = await _registers_while_it_is_cancelled(festival, monkeypatch)
    assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")
