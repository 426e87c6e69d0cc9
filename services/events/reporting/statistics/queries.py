from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from services.events.programme.sessions.store import Sessions
from services.events.programme.ticket_kinds.rules import TicketKind
from services.events.programme.venues.store import Venues
from services.events.reporting.statistics.rules import Group, SessionCounted, Statistics, tally
from shared.mongo import Mongo

KEPT = timedelta(seconds=60)
EDITIONS = 20  # whose statistics are kept


class StatisticsQueries:
    """Counts an edition, and remembers for a minute what it counted; each replica for itself."""

    def __init__(self, mongo: Mongo, sessions: Sessions, venues: Venues) -> None:
        self._registrations = mongo.collection("registrations")
        self._sessions = sessions
        self._venues = venues
        self._kept: OrderedDict[UUID, Statistics] = OrderedDict()

    async def of(self, edition_id: UUID, now: datetime) -> Statistics:
        """At most a minute old; `as_of` says when it was counted."""
        kept = self._kept.get(edition_id)
        if kept is not None and now - kept.as_of < KEPT:
            return kept
        counted = await self._count(edition_id, now)
        self._kept[edition_id] = counted
        self._kept.move_to_end(edition_id)
        while len(self._kept) > EDITIONS:
            self._kept.popitem(last=False)
        return counted

    async def _count(self, edition_id: UUID, now: datetime) -> Statistics:
        wards = {venue.id: venue.ward for venue in await self._venues.all()}
        sessions: dict[UUID, SessionCounted] = {}
        for one in await self._sessions.planned(edition_id=edition_id):
            first = sessions.setdefault(
                one.owner_id,
                SessionCounted(
                    one.title,
                    one.facts.starts_at,
                    one.facts.ends_at,
                    wards.get(one.facts.venue_id),
                ),
            )
            if one.cancelled is None and one.facts.ends_at > first.ends_at:  # a course goes on
                sessions[one.owner_id] = first._replace(ends_at=one.facts.ends_at)
        alike = {
            "session": "$session_id",
            "kind": "$kind",
            "status": "$status",
            "admitted": {"$ne": ["$admitted_at", None]},
        }
        groups = self._registrations.aggregate(
            [
                {"$match": {"session_id": {"$in": list(sessions)}}},
                {
                    "$group": {
                        "_id": alike,
                        "registrations": {"$sum": 1},
                        "people": {"$sum": "$size"},
                    }
                },
            ]
        )
        found = [
            Group(
                row["_id"]["session"],
                TicketKind(row["_id"]["kind"]),
                row["_id"]["status"],
                row["_id"]["admitted"],
                row["registrations"],
                row["people"],
            )
            async for row in groups
        ]
        return tally(found, sessions, now)
