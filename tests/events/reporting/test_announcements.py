"""An announcement to a segment: to each person once, whatever is killed in between."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.reporting.announcements import jobs
from services.events.reporting.announcements.jobs import AnnouncementJob
from services.events.reporting.announcements.rules import (
    Announcement,
    AnnouncementFacts,
    AnnouncementStatus,
    WriteAnnouncement,
)
from services.events.reporting.announcements.store import Announcements
from services.events.reporting.segments.queries import SegmentQueries
from shared.clock import now
from shared.contracts.base import read_wire
from shared.contracts.events import NoticeIssued
from shared.fan_out import recipient_id
from shared.ids import new_id
from shared.mongo import Document, Mongo, Tx
from shared.outbox.store import Outbox
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made
from tests.events.reporting.test_segments import register, two_sessions

RAIN: dict[str, Any] = {
    "segment": {"are": "registered"},
    "subject": {"vi": "Trời mưa", "en": "Rain"},
    "text": {"vi": "Mời bạn vào cửa số 2."},
}


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAGE", 4)


def worker(service: Running, kind: type[AnnouncementJob] = AnnouncementJob) -> AnnouncementJob:
    platform = service.platform
    mongo, outbox = platform.mongo, platform.outbox
    provided = service.process.service.provides
    [segments] = [part for part in provided if isinstance(part, SegmentQueries)]
    return kind(mongo, outbox, Announcements(mongo, outbox), segments, now)


async def finish(job: AnnouncementJob) -> None:
    """Until it finds nothing more to do."""
    while await job.look():
        pass


async def told(mongo: Mongo) -> Counter[UUID]:
    """How often each person is told, by what is in the outbox."""
    found: Counter[UUID] = Counter()
    async for row in mongo.collection("outbox").find({"routing_key": "events.notice.issued.v1"}):
        event = read_wire(row["body"])[1]
        assert isinstance(event, NoticeIssued)
        found[event.person_id] += 1
    return found


async def edition_with(service: Running, count: int) -> tuple[str, set[UUID]]:
    """An edition and the people who registered for it."""
    edition_id, [giay, _] = await two_sessions(service)
    people = {new_id() for _ in range(count)}
    for person in people:
        async with service.as_(person=person) as client:
            await register(client, giay)
    return edition_id, people


async def test_an_organiser_tells_everybody_of_a_session_at_once_and_each_hears_it_once(
    service: Running,
) -> None:
    edition_id, people = await edition_with(service, 6)
    async with service.as_(Role.ORGANISER) as mai:
        once = {"Idempotency-Key": "mua"}
        path = f"/v1/editions/{edition_id}/notices"
        first = await mai.post(path, json=RAIN, headers=once)
        again = await mai.post(path, json=RAIN, headers=once)
        assert (first.status_code, again.content) == (201, first.content)
        address = f"/v1/notices/{first.json()['id']}"
        await finish(worker(service))
        await finish(worker(service))
        done = (await mai.get(address)).json()
        assert (done["status"], done["people"], done["told"]) == ("issued", 6, 6)
        assert (await mai.get(path)).json()["items"][0]["id"] == first.json()["id"]
        late = await mai.post(f"{address}/withdrawal")
        assert (late.status_code, late.json()["code"]) == (409, "notice.out")
    assert await told(service.platform.mongo) == dict.fromkeys(people, 1)
    row = await service.platform.mongo.collection("outbox").find_one(
        {"routing_key": "events.notice.issued.v1"}
    )
    assert row is not None
    data = json.loads(row["body"])["data"]
    assert data["notice_id"] == str(recipient_id(UUID(first.json()["id"]), UUID(data["person_id"])))
    assert (data["title"]["vi"], data["text_vi"]) == ("Trời mưa", "Mời bạn vào cửa số 2.")


async def test_a_scheduled_one_waits_and_goes_to_those_who_are_there_then(
    service: Running,
) -> None:
    edition_id, people = await edition_with(service, 2)
    later = now() + timedelta(hours=5)
    async with service.as_(Role.ORGANISER) as mai:
        path = f"/v1/editions/{edition_id}/notices"
        kept, withdrawn = [
            await made(mai, path, RAIN | {"at": later.isoformat()}) for _ in range(2)
        ]
        too_far = RAIN | {"at": (now() + timedelta(days=400)).isoformat()}
        assert (await mai.post(path, json=too_far)).json()["code"] == "notice.too_far_ahead"
        await made(mai, f"/v1/notices/{withdrawn['id']}/withdrawal")
        await finish(worker(service))
        assert await told(service.platform.mongo) == {}
        newcomer = new_id()
        sessions = (await mai.get("/v1/sessions", params={"edition_id": edition_id})).json()
        for one in sessions["items"]:
            async with service.as_(person=newcomer) as client:
                await register(client, one["id"])
        due = worker(service)
        due._clock = lambda: later
        await finish(due)
        assert (await mai.get(f"/v1/notices/{kept['id']}")).json()["people"] == 3
    assert await told(service.platform.mongo) == dict.fromkeys([*people, newcomer], 1)


class Killed(BaseException):
    """The process is gone."""


class Mortal(Outbox):
    """Killed while it writes down so-many-and-one of its events."""

    def __init__(self, mongo: Mongo, lives: int) -> None:
        super().__init__(mongo, now)
        self.lives = lives

    def add(self, *args: Any, **kwargs: Any) -> None:
        if not self.lives:
            raise Killed
        self.lives -= 1
        super().add(*args, **kwargs)


class MarksFirst(AnnouncementJob):
    """Control: marks people in a transaction of its own, then issues it to them."""

    async def page(self, tx: Tx, announcement: Announcement) -> bool:
        waiting = await self._recipients.waiting(tx, announcement.id, jobs.PAGE)

        async def mark(other: Tx) -> None:
            self._recipients.reached(other, waiting, now())

        await self._mongo.transaction(mark)
        for row in waiting:
            self._outbox.add(
                tx, jobs.issued(announcement, row["_id"], row["person_id"]), sequence=1
            )
        return bool(waiting)


class MarksLast(AnnouncementJob):
    """Control: issues it to people one by one, then marks them in a transaction of its own."""

    async def next_page(self, announcement: Announcement) -> bool:
        if announcement.status is AnnouncementStatus.SCHEDULED:
            return await super().next_page(announcement)

        async def find(tx: Tx) -> list[Document]:
            return await self._recipients.waiting(tx, announcement.id, jobs.PAGE)

        waiting = await self._mongo.transaction(find)

        async def issue(row: Document) -> None:
            async def one(tx: Tx) -> None:
                event = jobs.issued(announcement, row["_id"], row["person_id"])
                self._outbox.add(tx, event, sequence=1)

            await self._mongo.transaction(one)

        for row in waiting:
            await issue(row)

        async def mark(tx: Tx) -> None:
            self._recipients.reached(tx, waiting, now())

        await self._mongo.transaction(mark)
        return bool(waiting)


@pytest.mark.parametrize(
    ("kind", "right"), [(AnnouncementJob, True), (MarksFirst, False), (MarksLast, False)]
)
async def test_killed_between_two_people_nobody_is_forgotten_and_nobody_told_twice(
    service: Running, kind: type[AnnouncementJob], right: bool
) -> None:
    edition_id, people = await edition_with(service, 11)
    mongo = service.platform.mongo
    async with service.as_(Role.ORGANISER) as mai:
        await made(mai, f"/v1/editions/{edition_id}/notices", RAIN)
    dying = worker(service, kind)
    dying._outbox = Mortal(mongo, lives=6)
    with pytest.raises(Killed):
        await finish(dying)
    assert 0 < len(await told(mongo)) < len(people)
    await finish(worker(service))
    assert (await told(mongo) == dict.fromkeys(people, 1)) is right


class HalfWritten(AnnouncementJob):
    """Killed while it writes down its recipients, after the first page."""

    async def _add(self, announcement: Announcement, page: Sequence[UUID]) -> None:
        await super()._add(announcement, page)
        raise Killed


async def test_killed_while_its_recipients_are_written_down_nobody_is_forgotten(
    service: Running,
) -> None:
    edition_id, people = await edition_with(service, 11)
    async with service.as_(Role.ORGANISER) as mai:
        await made(mai, f"/v1/editions/{edition_id}/notices", RAIN)
    dying = worker(service, HalfWritten)
    with pytest.raises(Killed):
        await finish(dying)
    assert await told(service.platform.mongo) == {}
    await finish(worker(service))
    assert await told(service.platform.mongo) == dict.fromkeys(people, 1)


async def test_of_many_replicas_each_person_hears_from_one(service: Running) -> None:
    edition_id, people = await edition_with(service, 14)
    mongo = service.platform.mongo
    announcements = Announcements(mongo, service.platform.outbox)
    key = new_id()
    write = WriteAnnouncement(key, UUID(edition_id), AnnouncementFacts.model_validate(RAIN))
    await mongo.transaction(lambda tx: announcements.perform(tx, key, write, now()))
    await asyncio.gather(*(finish(worker(service)) for _ in range(4)))
    await finish(worker(service))
    assert await told(mongo) == dict.fromkeys(people, 1)
    assert (await announcements.get(key)).status == "issued"
