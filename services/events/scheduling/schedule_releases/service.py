"""Puts drafts in force, cancels sessions, and numbers what the public sees change.

A release or cancellation reads its sessions once, in its transaction. Before that it writes the
quotas of those it will change, so that it does not lose against a rush (`QuotaStore.claim`).
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.events.booking.quotas.store import QuotaStore
from services.events.courses.hosts.queries import HostQueries
from services.events.programme.activities.store import Activities
from services.events.programme.editions import rules as editions_rules
from services.events.programme.editions.rules import Edition, EditionIsCancelled
from services.events.programme.editions.store import Editions
from services.events.programme.sessions import rules
from services.events.programme.sessions.rules import Cancel, Plan, Publish, Session, SessionUnknown
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.scheduling.schedule_releases.queries import SessionSelection
from services.events.scheduling.schedule_releases.rules import (
    ReleaseRequest,
    SessionChange,
    change,
    in_order,
    shown,
)
from services.events.scheduling.schedule_releases.store import Release, Releases
from shared.clock import Clock, local
from shared.errors import Conflict
from shared.mongo import Document, Mongo, Tx
from shared.text import Localized

NOT_CANCELLED: Document = {"cancelled": None}


class NothingToRelease(Conflict):
    code = "release.nothing"
    vi = "Không có gì thay đổi kể từ bản phát hành trước."
    en = "Nothing has changed since the last release."


class NotLater(Conflict):
    code = "edition.not_later"
    vi = "Mùa lễ hội đã kéo dài đến ngày này hoặc muộn hơn."
    en = "The edition already lasts until that day or longer."


class SessionPair(NamedTuple):
    """One session before and after a command."""

    before: Session
    after: Session


class ReleaseService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        editions: Editions,
        activities: Activities,
        hosts: HostQueries,
        sessions: Sessions,
        session_service: SessionService,
        venues: VenueResolver,
        releases: Releases,
        quotas: QuotaStore,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._editions = editions
        self._activities = activities
        self._hosts = hosts
        self._sessions = sessions
        self._session_service = session_service
        self._venues = venues
        self._releases = releases
        self._quotas = quotas

    async def preview(self, edition_id: UUID) -> list[SessionChange]:
        """What a release of all drafts would change. Raises what sessions/rules.py refuses."""
        await self._editions.get(edition_id)
        now = self._clock()

        async def work(tx: Tx) -> list[SessionChange]:
            drafts = await self._drafts(tx, edition_id, None)
            pairs = [
                SessionPair(session, rules.decide(session, command, now).state)
                for session, command in drafts
            ]
            return await self._changes(tx, pairs)

        return await self._mongo.transaction(work)

    async def release(
        self, tx: Tx, edition_id: UUID, only: Collection[UUID] | None, request: ReleaseRequest
    ) -> Release:
        """Put all drafts in force, or only those of these sessions.

        Raises `NothingToRelease`, `SessionUnknown`, `EditionIsCancelled` and what
        sessions/rules.py refuses.
        """
        drafted = SessionSelection(only).query() | {"draft": {"$ne": None}}
        await self._claim(tx, edition_id, drafted)
        edition = await self._editions.get(edition_id, tx)
        drafts = await self._drafts(tx, edition_id, only)
        if only is not None and len(drafts) < len(set(only)):
            raise SessionUnknown
        pairs = []
        for session, command in drafts:
            after = await self._session_service.apply(tx, session, command, request.at)
            if after != session:
                pairs.append(SessionPair(session, after))
        if not pairs:
            raise NothingToRelease
        if edition.cancelled is not None:
            raise EditionIsCancelled
        changes = await self._changes(tx, pairs)
        return await self._releases.add(tx, edition_id, changes, request)

    async def cancel(
        self, tx: Tx, edition_id: UUID, selection: SessionSelection, reason: Localized,
        request: ReleaseRequest,
    ) -> Release:  # fmt: skip
        """Cancel these sessions, in one release. Raises `NothingToRelease` if there are none."""
        await self._claim(tx, edition_id, selection.query())
        return await self._cancel(tx, edition_id, selection, reason, request)

    async def cancel_edition(
        self, tx: Tx, edition_id: UUID, reason: Localized, request: ReleaseRequest
    ) -> None:
        """Cancel the edition and all its sessions that have not ended yet."""
        remaining = SessionSelection(ends_after=request.at)
        await self._claim(tx, edition_id, remaining.query())
        command = editions_rules.Cancel(reason)
        await self._editions.perform(tx, edition_id, command, request.at)
        with suppress(NothingToRelease):
            await self._cancel(tx, edition_id, remaining, reason, request)

    async def _cancel(
        self, tx: Tx, edition_id: UUID, selection: SessionSelection, reason: Localized,
        request: ReleaseRequest,
    ) -> Release:  # fmt: skip
        selected = selection.query() | NOT_CANCELLED
        pairs = [
            SessionPair(
                session, await self._session_service.apply(tx, session, Cancel(reason), request.at)
            )
            for session in await self._sessions.of_edition(tx, edition_id, **selected)
        ]
        if not pairs:
            raise NothingToRelease
        changes = await self._changes(tx, pairs)
        if not changes:  # the public did not know of them, so it is not told why either
            request = request._replace(notes=None)
        return await self._releases.add(tx, edition_id, changes, request)

    async def extend(
        self, tx: Tx, edition_id: UUID, ends_on: date, now: datetime
    ) -> tuple[Edition, list[UUID]]:
        """Have the edition last longer, and draft the same for what lasts until its last day.

        That is each session of more than a day that ends on the last one. Its draft ends as many
        days later, and takes registrations as many days longer if it took them until then.
        """
        edition = await self._editions.get(edition_id, tx)
        last = edition.facts.ends_on
        if ends_on <= last:
            raise NotLater
        facts = edition.facts.model_copy(update={"ends_on": ends_on})
        plan = editions_rules.Plan(edition_id, facts)
        after = await self._editions.apply(tx, edition, plan, now)
        drafted = []
        for session in await self._sessions.of_edition(tx, edition_id, **NOT_CANCELLED):
            if _lasts_until(session, last):
                await self._session_service.apply(
                    tx, session, _longer(session, last, ends_on - last), now
                )
                drafted.append(session.id)
        return after, drafted

    async def _claim(self, tx: Tx, edition_id: UUID, query: Document) -> None:
        """Have a rush at these sessions wait for this transaction.

        It must read nothing before; so the ids are read outside it.
        """
        keys = await self._sessions.ids(edition_id, published=True, **query)
        await self._quotas.claim(tx, keys)

    async def _drafts(
        self, tx: Tx, edition_id: UUID, only: Collection[UUID] | None
    ) -> list[tuple[Session, Publish]]:
        """The sessions that a release looks at, and the command that puts each in force.

        The command has the names that activity and venue have now.
        """
        query = NOT_CANCELLED if only is None else SessionSelection(only).query()
        sessions = await self._sessions.of_edition(tx, edition_id, **query)
        titles = await self._activities.titles(tx, {one.activity_id for one in sessions})
        places = await self._venues.resolve_all(tx, {one.working.venue_room for one in sessions})
        return [
            (one, Publish(titles[one.activity_id], places[one.working.venue_room]))
            for one in sessions
        ]

    async def _changes(self, tx: Tx, pairs: Sequence[SessionPair]) -> list[SessionChange]:
        """What the public sees change of these sessions."""
        hosts = await self._hosts.of_activities({after.activity_id for _, after in pairs}, tx)
        found = (
            change(before.id, shown(before, hosts), shown(after, hosts)) for before, after in pairs
        )
        return in_order([one for one in found if one is not None])


def _lasts_until(session: Session, last: date) -> bool:
    """True of what lasts more than a day; an evening that runs past midnight does not."""
    facts = session.working
    return _last_day(facts.ends_at) == last and facts.ends_at - facts.starts_at > timedelta(days=1)


def _last_day(ends_at: datetime) -> date:
    """The last day of what ends then: until midnight is still the day before."""
    return local(ends_at - timedelta(milliseconds=1)).date()


def _longer(session: Session, last: date, by: timedelta) -> Plan:
    facts = session.working
    changes = {"ends_at": facts.ends_at + by}
    if _last_day(facts.closes_at) == last:
        changes["closes_at"] = facts.closes_at + by
    return Plan(
        session_id=session.id,
        edition_id=session.edition_id,
        activity_id=session.activity_id,
        title=session.title,
        place=session.place,
        facts=facts.model_copy(update=changes),
        series_id=session.series_id,
    )
