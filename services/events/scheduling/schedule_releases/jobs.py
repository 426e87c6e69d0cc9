"""Notifies those whom a release of the schedule concerns: once each, and nobody else.

- Who holds or awaits a seat is notified of sessions that were moved. That a session is cancelled
  they hear when their registration ends (booking/session_endings).
- Who is enrolled in a course is notified of all its sessions that are new, moved or cancelled,
  because their registration goes on.
- Hosts are notified of all sessions of theirs that are new, moved or cancelled, and of those that
  they begin or end to host.

All that concerns one person goes into one notice. So first the notices of a release are gathered,
page by page; then they are sent, page by page (shared/fan_out.py). Releases are done one after the
other, so that nobody hears of an older one last.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from services.events.booking.registrations.store import Registrations
from services.events.programme.sessions.store import Sessions
from services.events.scheduling.schedule_releases.notices import (
    NoticeRecipient,
    changed_session,
    hosts,
)
from services.events.scheduling.schedule_releases.rules import ChangeKind, SessionChange
from services.events.scheduling.schedule_releases.store import (
    ChangeNotices,
    NoticeProgress,
    Release,
    Releases,
)
from shared.cause import Cause
from shared.clock import Clock
from shared.contracts.events import ChangeNoticeIssued
from shared.fan_out import FanOutJob
from shared.mongo import Document, Mongo, Tx
from shared.outbox.store import Outbox

PAGE = 200  # registrations read, or notices sent, in one transaction


class ReleaseNoticeJob(FanOutJob[Release]):
    """Gathers and sends the notices of releases; see the module."""

    name = "release notices"

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
        super().__init__(mongo)
        self._outbox = outbox
        self._releases = releases
        self._notices = notices
        self._registrations = registrations
        self._sessions = sessions
        self._clock = clock

    async def unfinished(self) -> Sequence[Release]:
        """The oldest release that has not notified everybody."""
        release = await self._releases.oldest_unfinished()
        return [] if release is None else [release]

    async def page(self, tx: Tx, release: Release) -> bool:
        progress = await self._releases.progress(tx, release.id)
        if progress is None:
            return False
        changes = await self._releases.changes(
            release.edition_id, release.number - 1, release.number
        )
        courses = await self._sessions.courses_of((one.session_id for one in changes), tx)
        # The sessions whose holders are notified, each with what those are registered in.
        concerned = [
            (one.session_id, courses.get(one.session_id, one.session_id))
            for one in changes
            if one.kind is ChangeKind.MOVED or one.session_id in courses
        ]
        if progress.sessions < len(concerned):
            after = await self._gather(tx, release, *concerned[progress.sessions], progress)
            self._releases.note(tx, release.id, after)
        elif progress.sessions == len(concerned):
            self._add(tx, release, hosts(changes))
            self._releases.note(tx, release.id, NoticeProgress(progress.sessions + 1))
        elif waiting := await self._notices.waiting(tx, release.id, PAGE):
            await self._send(tx, release, changes, waiting)
        else:
            self._releases.finish(tx, release.id, self._clock())
        return True

    async def _gather(
        self, tx: Tx, release: Release, session_id: UUID, owner_id: UUID, progress: NoticeProgress
    ) -> NoticeProgress:
        """A page of those who had or awaited a seat when the release was made."""
        found = await self._registrations.of_session(tx, owner_id, progress.after, PAGE)
        holders = [
            NoticeRecipient(one.person_id, session_id, "holder")
            for one in found
            if one.live and one.asked_at <= release.at
        ]
        self._add(tx, release, holders)
        if len(found) < PAGE:
            return NoticeProgress(progress.sessions + 1)
        return NoticeProgress(progress.sessions, found[-1].id)

    def _add(self, tx: Tx, release: Release, concerned: Iterable[NoticeRecipient]) -> None:
        """Add these sessions to people's notices. Who is both host and holder hears as host,
        because hosts are gathered last."""
        roles: defaultdict[UUID, Document] = defaultdict(dict)
        for person_id, session_id, role in concerned:
            roles[person_id][f"roles.{session_id}"] = role
        self._notices.add(tx, release.id, roles)

    async def _send(
        self, tx: Tx, release: Release, changes: Sequence[SessionChange], page: Sequence[Document]
    ) -> None:
        by_session = {str(one.session_id): one for one in changes}
        revisions = await self._sessions.revisions(tx, [one.session_id for one in changes])
        for notice in page:
            event = ChangeNoticeIssued(
                change_notice_id=notice["_id"],
                person_id=notice["person_id"],
                edition_id=release.edition_id,
                release=release.number,
                notes=release.notes,
                sessions=tuple(
                    changed_session(by_session[key], notice["person_id"], role, revisions)
                    for key, role in sorted(notice["roles"].items())
                ),
            )
            self._outbox.add(tx, event, sequence=1, cause=Cause(release.correlation_id))
        self._notices.reached(tx, page, self._clock())
