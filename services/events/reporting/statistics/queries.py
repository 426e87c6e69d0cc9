"""Counts the registrations of an edition, and keeps the result for a minute."""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from services.events.booking.registrations.queries import RegistrationQueries
from services.events.programme.sessions.store import Sessions
from services.events.programme.venues.store import Venues
from services.events.reporting.statistics.rules import CountedSession, Statistics, summarise

KEEP_FOR = timedelta(seconds=60)
MAX_KEPT = 20  # editions whose statistics are kept


class StatisticsQueries:
    """Each replica keeps its own results."""

    def __init__(
        self, sessions: Sessions, registrations: RegistrationQueries, venues: Venues
    ) -> None:
        self._sessions = sessions
        self._registrations = registrations
        self._venues = venues
        self._kept: OrderedDict[UUID, Statistics] = OrderedDict()

    async def of_edition(self, edition_id: UUID, now: datetime) -> Statistics:
        """At most a minute old; `as_of` says when they were counted."""
        kept = self._kept.get(edition_id)
        if kept is not None and now - kept.as_of < KEEP_FOR:
            return kept
        counted = await self._count(edition_id, now)
        self._kept[edition_id] = counted
        self._kept.move_to_end(edition_id)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return counted

    async def _count(self, edition_id: UUID, now: datetime) -> Statistics:
        wards = {venue.id: venue.ward for venue in await self._venues.all()}
        counted: dict[UUID, CountedSession] = {}  # by session, or by course
        for one in await self._sessions.planned(edition_id=edition_id):
            known = counted.setdefault(
                one.bookable_id,
                CountedSession(
                    "course" if one.of_course else "session",
                    one.title,
                    one.facts.starts_at,
                    one.facts.ends_at,
                    wards.get(one.facts.venue_id),
                ),
            )
            # A course ends with the last of its sessions that is not cancelled.
            if one.cancelled is None and one.facts.ends_at > known.ends_at:
                counted[one.bookable_id] = known._replace(ends_at=one.facts.ends_at)
        return summarise(await self._registrations.counts(counted), counted, now)
