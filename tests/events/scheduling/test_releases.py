"""Drafts, releases, cancellations and who is told, over HTTP and on real stores."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.programme.sessions.rules import Session
from services.events.programme.sessions.store import Sessions
from services.events.scheduling.schedule_releases.jobs import ReleaseNoticeJob
from services.events.settings import Settings
from shared.contracts.events import (
    ChangeNoticeIssued,
    SessionPublished,
)
from shared.ids import new_id
from shared.mongo import Document, Mongo, MongoError
from tests.events.booking.test_registration_service import Careless, Replica
from tests.events.festival import Festival
from tests.events.programme.sample_programme import made, venue
from tests.helping.told import told


async def test_a_draft_is_seen_by_organisers_until_it_is_released(festival: Festival) -> None:
    key = await festival.plan()
    first = await festival.release(notes={"vi": "Lịch đầu tiên"})
    assert (first["number"], first["counts"]["new"]) == (1, 1)
    async with festival.service.anonymous() as anyone:
        before = (await anyone.get(f"/v1/sessions/{key}")).json()
        await festival.move(key, hours=1)
        assert (await anyone.get(f"/v1/sessions/{key}")).json() == before
        assert (await festival.organiser.get(f"/v1/sessions/{key}")).json()["draft"]
        [coming] = (await festival.organiser.get(f"{festival.path}/releases/next")).json()
        assert (coming["kind"], coming["fields"]) == ("moved", ["starts_at", "ends_at"])
        second = await festival.release()
        assert (second["number"], second["counts"]["moved"]) == (2, 1)
        after = (await anyone.get(f"/v1/sessions/{key}")).json()
        assert after["facts"]["starts_at"] > before["facts"]["starts_at"]
        assert after["draft"] is None
        listed = (await anyone.get(f"{festival.path}/releases")).json()
        assert [one["number"] for one in listed] == [2, 1]
        assert listed[1]["notes"]["vi"] == "Lịch đầu tiên"
        [step] = (await anyone.get(f"{festival.path}/releases/2")).json()["changes"]
        assert (step["session_id"], step["kind"]) == (key, "moved")
        whole = await anyone.get(f"{festival.path}/releases/2", params={"since": 0})
        assert [one["kind"] for one in whole.json()["changes"]] == ["new"]
        unknown = await anyone.get(f"{festival.path}/releases/3")
        assert unknown.json()["code"] == "release.unknown"


async def test_a_release_may_name_its_sessions_and_needs_something_to_say(
    festival: Festival,
) -> None:
    one, other = await festival.plan(), await festival.plan()
    assert (await festival.release(sessions=[one]))["counts"]["new"] == 1
    async with festival.service.anonymous() as anyone:
        assert (await anyone.get(f"/v1/sessions/{other}")).status_code == 404
    again = await festival.organiser.post(f"{festival.path}/releases", json={"sessions": [one]})
    assert (again.status_code, again.json()["code"]) == (409, "release.nothing")
    nowhere = {"sessions": [str(new_id())]}
    unknown = await festival.organiser.post(f"{festival.path}/releases", json=nowhere)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "session.unknown")
    assert (await festival.release())["number"] == 2


async def test_a_release_reads_each_session_once(
    festival: Festival, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [await festival.plan() for _ in range(4)]
    await festival.release(sessions=keys[:3])
    await festival.move(keys[0], hours=1)
    state, read = Sessions.state, Counter[str]()

    def counted(self: Sessions, document: Document) -> Session:
        read[str(document["_id"])] += 1
        return state(self, document)

    monkeypatch.setattr(Sessions, "state", counted)
    await festival.release()
    assert read == dict.fromkeys(keys, 1)


async def test_a_draft_taken_back_is_none(festival: Festival) -> None:
    key = await festival.plan()
    await festival.release()
    await festival.move(key, hours=1)
    facts = (await festival.organiser.get(f"/v1/sessions/{key}")).json()["facts"]
    assert (await festival.redraft(key, **facts))["draft"] is None
    nothing = await festival.organiser.post(f"{festival.path}/releases", json={})
    assert nothing.json()["code"] == "release.nothing"


async def test_a_new_title_comes_with_the_next_release(festival: Festival) -> None:
    key = await festival.plan()
    await festival.release()
    await festival.describe(title={"vi": "Xưởng tranh Hàng Trống"})
    assert (await festival.release())["counts"]["changed"] == 1
    async with festival.service.anonymous() as anyone:
        shown = (await anyone.get(f"/v1/sessions/{key}")).json()
    assert shown["title"]["vi"] == "Xưởng tranh Hàng Trống"
    assert await festival.notify() == [], "nobody has to come at another time"


async def test_only_those_affected_are_told_once(festival: Festival) -> None:
    """Lan holds two moved sessions, Hải one that stays, Mai waits, Tú hosts; Vân comes later."""
    lan, hai, mai, tu, van = (new_id() for _ in range(5))
    first = await festival.plan(capacity=1)
    second = await festival.plan(hosts=[str(tu)])
    stays = await festival.plan()
    await festival.release()
    [at_first] = await festival.notify()
    assert (at_first.person_id, at_first.sessions[0].role) == (tu, "host")
    assert at_first.sessions[0].before is None
    for who, where in ((lan, first), (lan, second), (hai, stays), (mai, first)):
        async with festival.service.as_(person=who) as client:
            await made(client, f"/v1/sessions/{where}/registrations")
    for key in (first, second):
        await festival.move(key, days=1)
    release = await festival.release(notes={"vi": "Vì trời mưa"})
    async with festival.service.as_(person=van) as client:
        await made(client, f"/v1/sessions/{second}/registrations")
    notices = (await festival.notify())[1:]
    heard = {notice.person_id: notice for notice in notices}
    assert heard.keys() == {lan, mai, tu}
    assert len(notices) == 3
    assert {one.session_id for one in heard[lan].sessions} == {UUID(first), UUID(second)}
    assert {one.role for one in heard[lan].sessions} == {"holder"}
    [hosted] = heard[tu].sessions
    assert (hosted.session_id, hosted.role) == (UUID(second), "host")
    assert hosted.before is not None
    assert hosted.after is not None
    assert hosted.after.starts_at - hosted.before.starts_at == timedelta(days=1)
    assert {notice.release for notice in notices} == {release["number"]}
    assert await festival.notify() == [at_first, *notices], "and never again"


async def test_of_a_session_that_names_no_host_the_hosts_of_its_activity_are_notified(
    festival: Festival,
) -> None:
    tu, van, duc = new_id(), new_id(), new_id()
    await festival.describe(hosts=[str(tu)], speakers=[str(van)])
    key = await festival.plan()
    await festival.release()
    new = await festival.notify()
    assert {one.person_id for one in new} == {tu, van}
    assert {(one.sessions[0].role, one.sessions[0].before) for one in new} == {("host", None)}
    await festival.move(key, days=1)
    await festival.release()
    moved = (await festival.notify())[2:]
    assert {one.person_id for one in moved} == {tu, van}
    for notice in moved:
        [session] = notice.sessions
        assert session.role == "host"
        assert session.before is not None
        assert session.after is not None
        assert session.after.starts_at - session.before.starts_at == timedelta(days=1)
    async with festival.service.anonymous() as anyone:
        [change] = (await anyone.get(f"{festival.path}/releases/2")).json()["changes"]
    assert change["after"]["hosts"] == change["before"]["hosts"] == [str(tu), str(van)]
    await festival.redraft(key, hosts=[str(duc)])
    await festival.release()
    roles = {one.person_id: one.sessions[0].role for one in (await festival.notify())[4:]}
    assert roles == {tu: "former_host", van: "former_host", duc: "host"}


async def test_who_is_moved_to_another_room_is_told_which(festival: Festival) -> None:
    place = await venue(festival.service)
    hall, yard = [
        (await made(festival.organiser, f"/v1/venues/{place}/rooms", {"name": {"vi": name}}))["id"]
        for name in ("Hội trường tầng 2", "Sân sau")
    ]
    key = await festival.plan(venue_id=str(place), room_id=hall)
    await festival.release()
    async with festival.service.as_() as holder, festival.service.anonymous() as anyone:
        await made(holder, f"/v1/sessions/{key}/registrations")
        await festival.redraft(key, room_id=yard)
        await festival.release()
        [notice] = await festival.notify()
        calendar = (await anyone.get(f"/v1/sessions/{key}/calendar.ics")).text
    [moved] = notice.sessions
    rooms = [slot and slot.room and slot.room.vi for slot in (moved.before, moved.after)]
    assert rooms == ["Hội trường tầng 2", "Sân sau"]
    assert "Thư viện Hà Nội – Sân sau" in calendar.replace("\r\n ", "")
    last = (await told(festival.service.platform.mongo, SessionPublished))[-1]
    assert last.room is not None
    assert last.room.vi == "Sân sau"


async def test_notifying_goes_on_where_it_stopped(
    festival: Festival, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It breaks off after each page, before or after the page was written."""
    monkeypatch.setattr("services.events.scheduling.schedule_releases.jobs.PAGE", 2)
    key = await festival.plan(capacity=20)
    await festival.release()
    people = {new_id() for _ in range(7)}
    for who in people:
        async with festival.service.as_(person=who) as client:
            await made(client, f"/v1/sessions/{key}/registrations")
    await festival.move(key, hours=2)
    await festival.release()
    job: ReleaseNoticeJob = festival.service.process.service.workers["notices"].__self__  # type: ignore[attr-defined]
    transaction = job._mongo.transaction
    for turn in range(40):

        async def breaks_off(work: Any, turn: int = turn) -> Any:
            if turn % 3 == 0:
                raise MongoError("before")
            more = await transaction(work)
            if turn % 3 == 1:
                raise MongoError("after")
            return more

        monkeypatch.setattr(job._mongo, "transaction", breaks_off)
        try:
            if not await job.look():
                break
        except MongoError:
            continue
    else:
        pytest.fail("it never comes to an end")
    notices = await told(festival.service.platform.mongo, ChangeNoticeIssued)
    assert sorted(notice.person_id for notice in notices) == sorted(people)


async def test_two_releases_at_once_get_two_numbers(festival: Festival) -> None:
    keys = [await festival.plan() for _ in range(6)]
    done = await asyncio.gather(*(festival.release(sessions=[key]) for key in keys))
    assert sorted(one["number"] for one in done) == [1, 2, 3, 4, 5, 6]
    published = await told(festival.service.platform.mongo, SessionPublished)
    assert sorted(str(one.session_id) for one in published) == sorted(keys)


async def _notified_by_two_replicas(
    festival: Festival, settings: Settings, kind: type[Mongo], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, int]:
    """How many were to be notified, and how many notices there are. Pages are small, so that the
    replicas meet often."""
    monkeypatch.setattr("services.events.scheduling.schedule_releases.jobs.PAGE", 3)
    key = await festival.plan(capacity=30)
    await festival.release()
    for _ in range(30):
        async with festival.service.as_() as client:
            await made(client, f"/v1/sessions/{key}/registrations")
    await festival.move(key, hours=2)
    await festival.release()
    replicas = [Replica(settings, kind) for _ in range(2)]
    await asyncio.gather(*(_notify(replica) for replica in replicas))
    for replica in replicas:
        await replica.mongo.close()
    return 30, len(await told(festival.service.platform.mongo, ChangeNoticeIssued))


async def _notify(replica: Replica) -> None:
    job: ReleaseNoticeJob = replica.service.workers["notices"].__self__  # type: ignore[attr-defined]
    while await job.look():
        pass


async def test_two_replicas_at_once_notify_each_person_once(
    festival: Festival, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, done = await _notified_by_two_replicas(festival, settings, Mongo, monkeypatch)
    assert done == wanted


async def test_control_without_transactions_two_replicas_notify_somebody_twice(
    festival: Festival, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, done = await _notified_by_two_replicas(festival, settings, Careless, monkeypatch)
    assert done > wanted
