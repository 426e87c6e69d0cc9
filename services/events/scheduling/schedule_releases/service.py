"""The schedule office: puts drafts in force, cancels, and numbers what the public sees change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.events.booking.quotas.store import QuotaStore
from services.events.programme.activities.store import Activities
from services.events.programme.editions import rules as editions_rules
from services.events.programme.editions.rules import Edition, EditionIsCancelled
from services.events.programme.editions.store import Editions
from services.events.programme.sessions import rules
from services.events.programme.sessions.rules import Cancel, Plan, Publish, Session, SessionUnknown
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venues.state import Place, VenueRoom
from services.events.scheduling.schedule_releases.rules import (
    SessionChange,
    change,
    in_order,
    shown,
)
from services.events.scheduling.schedule_releases.store import Release, Releases
from shared.clock import Clock, local
from shared.errors import Conflict
from shared.mongo import Mongo, Tx
from shared.text import Localized


class NothingToRelease(Conflict):
    code = "release.nothing"
    vi = "Không có gì thay đổi để phát hành."
    en = "Nothing has changed that could be released."


class NotLater(Conflict):
    code = "edition.not_later"
    vi = "Mùa lễ hội đã kéo dài đến ngày này hoặc muộn hơn."
    en = "The edition lasts until that day or longer already."


class ReleaseRequest(NamedTuple):
    """Who does it, when, and what they say about it."""

    by: UUID
    at: datetime
    notes: Localized | None = None


Which = Callable[[Session], bool]


class ReleaseService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        editions: Editions,
        activities: Activities,
        sessions: Sessions,
        session_service: SessionService,
        where: VenueResolver,
        releases: Releases,
        places: QuotaStore,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._editions = editions
        self._activities = activities
        self._sessions = sessions
        self._session_service = session_service
        self._where = where
        self._releases = releases
        self._places = places

    async def preview(self, edition_id: UUID) -> list[SessionChange]:
        """What a release of everything would change. Raises what sessions/rules.py refuses."""
        await self._editions.get(edition_id)
        drafts = await self._mongo.transaction(
            lambda tx: self._drafts(tx, edition_id, lambda one: one.cancelled is None)
        )
        now = self._clock()
        return _changes(
            [(before, rules.decide(before, command, now).state) for before, command in drafts]
        )

    async def release(
        self, tx: Tx, edition_id: UUID, only: Collection[UUID] | None, deed: ReleaseRequest
    ) -> Release:
        """Put all drafts in force, or only these.

        Raises `NothingToRelease`, `SessionUnknown`, `EditionIsCancelled` and what
        sessions/rules.py refuses.
        """
        await self._claim(
            tx, edition_id, lambda one: one.draft is not None and (only is None or one.id in only)
        )
        edition = await self._editions.get(edition_id, tx)
        drafts = await self._drafts(
            tx,
            edition_id,
            lambda one: one.cancelled is None if only is None else one.id in only,
        )
        if only is not None and len(drafts) < len(set(only)):
            raise SessionUnknown
        done = [
            (before, await self._session_service.perform(tx, before.id, command, deed.at))
            for before, command in drafts
            if rules.decide(before, command, deed.at).state != before
        ]
        if done and edition.cancelled is not None:
            raise EditionIsCancelled
        return await self._record(tx, edition_id, done, deed)

    async def cancel(
        self, tx: Tx, edition_id: UUID, which: Which, reason: Localized, deed: ReleaseRequest
    ) -> Release:
        """Cancel these sessions, in one release. Raises `NothingToRelease` if there are none."""
        await self._claim(tx, edition_id, which)
        sessions = await self._sessions.of_edition(tx, edition_id)
        done = [
            (before, await self._session_service.perform(tx, before.id, Cancel(reason), deed.at))
            for before in sessions
            if before.cancelled is None and which(before)
        ]
        if not _changes(done):  # nobody knew of them: nobody is told why either
            deed = deed._replace(notes=None)
        return await self._record(tx, edition_id, done, deed)

    async def cancel_edition(
        self, tx: Tx, edition_id: UUID, reason: Localized, deed: ReleaseRequest
    ) -> None:
        """Cancel the edition and whatever of it has not ended yet."""
        await self._claim(tx, edition_id, lambda one: one.facts.ends_at > deed.at)
        command = editions_rules.Cancel(reason)
        await self._editions.perform(tx, edition_id, command, deed.at)
        sessions = await self._sessions.of_edition(tx, edition_id)
        if any(one.cancelled is None and one.facts.ends_at > deed.at for one in sessions):
            await self.cancel(tx, edition_id, lambda one: one.facts.ends_at > deed.at, reason, deed)

    async def extend(
        self, tx: Tx, edition_id: UUID, ends_on: date, now: datetime
    ) -> tuple[Edition, list[UUID]]:
        """Have the edition last longer, and with it, in draft, what lasts until its last day.

        That is each session of more than a day that ends on the last one. Its draft ends as many
        days later, and takes registrations as many days longer if it took them until then.
        """
        edition = await self._editions.get(edition_id, tx)
        last = edition.facts.ends_on
        if ends_on <= last:
            raise NotLater
        facts = edition.facts.model_copy(update={"ends_on": ends_on})
        plan = editions_rules.Plan(edition_id, facts)
        after = await self._editions.perform(tx, edition_id, plan, now)
        drafted = []
        for session in await self._sessions.of_edition(tx, edition_id):
            if session.cancelled is None and _lasts_until(session, last):
                await self._session_service.perform(
                    tx, session.id, _longer(session, last, ends_on - last), now
                )
                drafted.append(session.id)
        return after, drafted

    async def _claim(self, tx: Tx, edition_id: UUID, which: Which) -> None:
        """Have the busy ones wait for us. What is read here is read before the transaction."""
        sessions = await self._sessions.of_edition(None, edition_id)
        await self._places.claim(tx, [one.id for one in sessions if one.published and which(one)])

    async def _drafts(
        self, tx: Tx, edition_id: UUID, which: Which
    ) -> list[tuple[Session, Publish]]:
        """What publishing would mean for each: under the names that it would have now."""
        sessions = await self._sessions.of_edition(tx, edition_id)
        wanted = [one for one in sessions if which(one)]
        titles = await self._activities.titles(tx, {one.activity_id for one in wanted})
        places = await self._where.resolve_all(tx, {one.working.venue_room for one in wanted})
        return [(one, _publish(one, titles, places)) for one in wanted]

    async def _record(
        self,
        tx: Tx,
        edition_id: UUID,
        done: Sequence[tuple[Session, Session]],
        deed: ReleaseRequest,
    ) -> Release:
        if not done:
            raise NothingToRelease
        return await self._releases.add(
            tx, edition_id, _changes(done), deed.notes, deed.by, deed.at
        )


def _publish(
    session: Session,
    titles: Mapping[UUID, Localized],
    places: Mapping[VenueRoom, Place],
) -> Publish:
    return Publish(titles[session.activity_id], places[session.working.venue_room])


def _changes(pairs: Sequence[tuple[Session, Session]]) -> list[SessionChange]:
    found = (change(after.id, shown(before), shown(after)) for before, after in pairs)
    return in_order([one for one in found if one is not None])


def _lasts_until(session: Session, last: date) -> bool:
    """True of what lasts more than a day; an evening that runs past midnight does not."""
    facts = session.working
    return _until(facts.ends_at) == last and facts.ends_at - facts.starts_at > timedelta(days=1)


def _until(moment: datetime) -> date:
    """The day that it is the end of: until midnight is still that day."""
    return local(moment - timedelta(milliseconds=1)).date()


def _longer(session: Session, last: date, by: timedelta) -> Plan:
    facts = session.working
    changes = {"ends_at": facts.ends_at + by}
    if _until(facts.closes_at) == last:
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
