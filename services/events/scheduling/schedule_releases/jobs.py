"""Tells those whom a release affects: once, and nobody else.

Holders hear of sessions that were moved; that theirs is cancelled they hear when their registration
ends (registrations/endings.py). Who is enrolled in a course hears of all its sessions that are new,
moved or cancelled: their registration goes on. Hosts hear of all theirs, in the same way.

First all notices of a release are gathered, page by page, one a person; then they are sent. Each
page and how far it got are one commit, so that the telling can stop anywhere and go on elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from services.events.booking.registrations.store import Registrations
from services.events.programme.sessions.store import Sessions
from services.events.scheduling.schedule_releases.rules import (
    ChangeKind,
    ScheduleEntry,
    SessionChange,
)
from services.events.scheduling.schedule_releases.store import NoticeProgress, Release, Releases
from shared.cause import Cause
from shared.clock import Clock
from shared.contracts.events import ChangedSession, ChangeNoticeIssued, SessionSlot
from shared.mongo import ASCENDING, Document, Index, Mongo, Tx, UpdateOne
from shared.outbox.store import Outbox
from shared.polling import poll
from shared.stop import Stop

EVERY = 1.0  # seconds
PAGE = 200
INDEXES = [
    Index(
        "change_notices",
        [("release_id", ASCENDING), ("_id", ASCENDING)],
        only_where={"told_at": None},
    ),
]


class NoticeRecipient(NamedTuple):
    person_id: UUID
    session_id: UUID
    role: str  # holder, host, former_host


class ChangeNotices:
    """Collection `change_notices`: who is told of what, kept as the record of it."""

    def __init__(self, mongo: Mongo) -> None:
        self._notices = mongo.collection("change_notices")

    def add(self, tx: Tx, release_id: UUID, concerned: Iterable[NoticeRecipient]) -> None:
        """Note that each is to be told of these sessions; who is both host and holder, as host."""
        roles: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
        for person_id, session_id, role in concerned:
            roles[person_id][f"roles.{session_id}"] = role
        for person_id, told in roles.items():
            who = {"release_id": release_id, "person_id": person_id, "told_at": None}
            notice = {"_id": uuid5(release_id, person_id.hex)}
            tx.at_commit(
                self._notices, UpdateOne(notice, {"$setOnInsert": who, "$set": told}, upsert=True)
            )

    async def untold(self, tx: Tx, release_id: UUID, limit: int) -> list[Document]:
        query = {"release_id": release_id, "told_at": None}
        rows = self._notices.find(query, session=tx.session).sort("_id", 1).limit(limit)
        return await rows.to_list(None)

    def told(self, tx: Tx, keys: Iterable[UUID], now: datetime) -> None:
        told = {"$set": {"told_at": now}}
        tx.at_commit(self._notices, *(UpdateOne({"_id": key}, told) for key in keys))


class ReleaseNoticeJob:
    """Makes rounds; see the module."""

    def __init__(
        self,
        mongo: Mongo,
        outbox: Outbox,
        releases: Releases,
        notices: ChangeNotices,
        registrations: Registrations,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._mongo = mongo
        self._outbox = outbox
        self._releases = releases
        self._notices = notices
        self._registrations = registrations
        self._sessions = sessions
        self._clock = clock

    async def run(self, stop: Stop) -> None:
        await poll(self.look, every=EVERY, stop=stop, what="release notices")

    async def look(self) -> bool:
        """Go one page further with the oldest release that is not told."""
        release = await self._releases.untold()
        if release is None:
            return False
        steps = await self._releases.steps(release.edition_id, release.number - 1, release.number)
        await self._mongo.transaction(lambda tx: self._go_on(tx, release, steps))
        return True

    async def _go_on(self, tx: Tx, release: Release, steps: list[SessionChange]) -> None:
        so_far = await self._releases.so_far(tx, release.id)
        if so_far is None:
            return  # told by another replica
        courses = await self._sessions.courses_of((one.session_id for one in steps), tx)
        # Of whom to look for holders: (session, what they are registered in).
        told = [
            (one.session_id, courses.get(one.session_id, one.session_id))
            for one in steps
            if one.kind is ChangeKind.MOVED or one.session_id in courses
        ]
        if so_far.session < len(told):
            self._releases.note(tx, release.id, await self._gather(tx, release, told, so_far))
        elif so_far.session == len(told):
            self._notices.add(tx, release.id, hosts(steps))
            self._releases.note(tx, release.id, NoticeProgress(so_far.session + 1))
        else:
            await self._send(tx, release, steps)

    async def _gather(
        self, tx: Tx, release: Release, told: list[tuple[UUID, UUID]], so_far: NoticeProgress
    ) -> NoticeProgress:
        """A page of those who had or awaited a place there when it was moved."""
        at, after = so_far
        session_id, owner_id = told[at]
        found = await self._registrations.of_session(tx, owner_id, after, PAGE)
        concerned = [
            NoticeRecipient(one.person_id, session_id, "holder")
            for one in found
            if one.live and one.asked_at <= release.at
        ]
        self._notices.add(tx, release.id, concerned)
        return NoticeProgress(at + 1) if len(found) < PAGE else NoticeProgress(at, found[-1].id)

    async def _send(self, tx: Tx, release: Release, steps: list[SessionChange]) -> None:
        page = await self._notices.untold(tx, release.id, PAGE)
        if not page:
            self._releases.told(tx, release.id, self._clock())
            return
        changes = {str(one.session_id): one for one in steps}
        revisions = await self._sessions.revisions(tx, [one.session_id for one in steps])
        for notice in page:
            changed = tuple(
                _changed(changes[key], notice["person_id"], role, revisions)
                for key, role in sorted(notice["roles"].items())
            )
            event = ChangeNoticeIssued(
                change_notice_id=notice["_id"],
                person_id=notice["person_id"],
                edition_id=release.edition_id,
                release=release.number,
                notes=release.notes,
                sessions=changed,
            )
            self._outbox.add(tx, event, sequence=1, cause=Cause(release.correlation_id))
        self._notices.told(tx, [notice["_id"] for notice in page], self._clock())


def hosts(steps: Iterable[SessionChange]) -> list[NoticeRecipient]:
    """Those who host what is new, moved or cancelled, who begin to host something, or end."""
    found = []
    for step in steps:
        before, after = _hosts(step.before), _hosts(step.after)
        stay = before & after if step.kind is ChangeKind.MOVED else set()
        gone = before - after
        found += [
            NoticeRecipient(person, step.session_id, "host") for person in stay | (after - before)
        ]
        role = "host" if step.kind is ChangeKind.CANCELLED else "former_host"
        found += [NoticeRecipient(person, step.session_id, role) for person in gone]
    return found


def _hosts(entry: ScheduleEntry | None) -> set[UUID]:
    return set() if entry is None else set(entry.hosts)


def _changed(
    step: SessionChange, person_id: UUID, role: str, revisions: dict[UUID, int]
) -> ChangedSession:
    """A session as it changes for this person: for a new host it is new."""
    entry = step.after or step.before
    assert entry is not None  # noqa: S101 - a change has one of them at least
    newly = role == "host" and person_id not in _hosts(step.before)
    return ChangedSession.model_validate(
        {
            "session_id": step.session_id,
            "revision": revisions[step.session_id],
            "role": role,
            "title": entry.title,
            "before": None if newly else _slot(step.before),
            "after": None if role == "former_host" else _slot(step.after),
        }
    )


def _slot(entry: ScheduleEntry | None) -> SessionSlot | None:
    if entry is None:
        return None
    return SessionSlot(
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        venue=entry.venue,
        room=entry.room,
        address=entry.address,
    )
