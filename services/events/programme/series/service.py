"""Plans and changes the sessions of a series together, in one transaction."""

from datetime import datetime
from uuid import UUID

from services.events.programme.activities.rules import Activity, ActivityKind
from services.events.programme.series.rules import (
    ChangeDoesNotFit,
    NotInSeries,
    SeriesUnknown,
    apply_same_change,
)
from services.events.programme.sessions.rules import Plan, Session, SessionFacts, TooManyForVenue
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venue_settings.rules import RoomUnknown
from shared.ids import new_id
from shared.mongo import Tx


class SeriesService:
    def __init__(
        self, sessions: Sessions, session_service: SessionService, venue_resolver: VenueResolver
    ) -> None:
        self._sessions = sessions
        self._session_service = session_service
        self._venue_resolver = venue_resolver

    async def plan(
        self, tx: Tx, activity: Activity, each: list[SessionFacts], now: datetime
    ) -> list[Session]:
        """Plan sessions with these facts as one series."""
        place = await self._venue_resolver.resolve(each[0].venue_room)
        series_id = new_id()
        planned = []
        for facts in each:
            key = new_id()
            command = Plan(
                key,
                activity.edition_id,
                activity.id,
                activity.facts.title,
                place,
                facts,
                series_id,
                of_course=activity.facts.kind is ActivityKind.COURSE,
            )
            planned.append(await self._session_service.perform(tx, key, command, now))
        return planned

    async def change_following(
        self,
        tx: Tx,
        session_id: UUID,
        activity: Activity,
        facts: SessionFacts,
        now: datetime,
        seen: int,
    ) -> list[Session]:
        """Give one session these facts, and make the same change to the later sessions.

        For public sessions the change is a draft until the next release. Cancelled sessions do not
        change. `seen` is the version of the first session that the caller has read. Raises
        `NotInSeries`, `ChangeDoesNotFit`, `PreconditionFailed`.
        """
        first = await self._sessions.get(session_id, tx)
        if first.series_id is None:
            raise NotInSeries
        later = [
            one
            for one in await self.sessions(first.series_id, tx)
            if one.id != first.id
            and one.cancelled is None
            and one.working.starts_at >= first.working.starts_at
        ]
        changed = apply_same_change(first.working, facts, [(one.id, one.working) for one in later])
        done = []
        for one, new in zip([first, *later], [facts, *changed], strict=True):
            try:
                place = await self._venue_resolver.resolve(new.venue_room)
                title = activity.facts.title
                command = Plan(one.id, one.edition_id, one.activity_id, title, place, new)
                expects = seen if one is first else None
                done.append(
                    await self._session_service.perform(tx, one.id, command, now, expects=expects)
                )
            except (RoomUnknown, TooManyForVenue) as error:
                if one is first:
                    raise
                # It may have another room, or another capacity, than the first session.
                raise ChangeDoesNotFit(session_id=one.id) from error
        return done

    async def sessions(self, series_id: UUID, tx: Tx | None = None) -> list[Session]:
        """In order of time. Raises `SeriesUnknown` if it has none."""
        found = await self._sessions.of_series(series_id, tx)
        if not found:
            raise SeriesUnknown
        return found
