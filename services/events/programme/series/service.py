"""Plans and changes the sessions of a series together, in one transaction."""

from datetime import datetime
from uuid import UUID

from services.events.programme.activities.rules import Activity, ActivityKind
from services.events.programme.series.rules import DoesNotFit, NotInSeries, SeriesUnknown, alike
from services.events.programme.sessions.rules import Plan, Session, SessionFacts, TooManyForVenue
from services.events.programme.sessions.service import SessionService
from services.events.programme.sessions.store import Sessions
from services.events.programme.venue_settings.queries import VenueResolver
from services.events.programme.venue_settings.rules import RoomUnknown
from shared.ids import new_id
from shared.mongo import ASCENDING, Index, Tx

INDEXES = [
    Index(
        "sessions",
        [("series_id", ASCENDING), ("facts.starts_at", ASCENDING)],
        only_where={"series_id": {"$type": "binData"}},
    )
]


class SeriesService:
    def __init__(self, sessions: Sessions, service: SessionService, where: VenueResolver) -> None:
        self._sessions = sessions
        self._service = service
        self._where = where

    async def plan(
        self, tx: Tx, activity: Activity, each: list[SessionFacts], now: datetime
    ) -> list[Session]:
        """Plan them all as one series."""
        place = await self._where.of(each[0].where)
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
            planned.append(await self._service.perform(tx, key, command, now))
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
        """Give one session these facts, and make the same changes to those after it.

        Of those that are public this is a draft until it is released, as any change is.

        `seen` is the version of the one session that the caller has read. Those cancelled are left
        alone. Raises `NotInSeries`, `DoesNotFit`, `PreconditionFailed`.
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
        changed = alike(first.working, facts, [(one.id, one.working) for one in later])
        done = []
        for one, new in zip([first, *later], [facts, *changed], strict=True):
            try:
                place = await self._where.of(new.where)
                title = activity.facts.title
                command = Plan(one.id, one.edition_id, one.activity_id, title, place, new)
                expects = seen if one is first else None
                done.append(await self._service.perform(tx, one.id, command, now, expects=expects))
            except (RoomUnknown, TooManyForVenue) as error:
                if one is first:
                    raise
                raise DoesNotFit(session_id=one.id) from error  # its own room, or its own size
        return done

    async def sessions(self, series_id: UUID, tx: Tx | None = None) -> list[Session]:
        """In order of time. Raises `SeriesUnknown` if it has none."""
        found = self._sessions.documents.find({"series_id": series_id}, session=tx and tx.session)
        rows = await found.sort("facts.starts_at", 1).to_list(None)
        if not rows:
            raise SeriesUnknown
        return [self._sessions.state(row) for row in rows]
