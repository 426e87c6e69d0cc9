"""Reads the plan of an edition, and everything else that its warnings depend on."""

import asyncio
from datetime import timedelta

from services.events.courses.hosts.queries import HostQueries
from services.events.programme.activities.store import Activities
from services.events.programme.availability.store import Availabilities
from services.events.programme.editions.rules import Edition
from services.events.programme.sessions.rules import Mode, Session
from services.events.programme.sessions.store import Sessions
from services.events.programme.venue_settings.store import Rooms, VenueSettingsStore
from services.events.programme.venue_settings.travel import Pace
from services.events.programme.venues.store import Venues
from services.events.scheduling.warnings.state import Plan, PlannedSession


class PlanQueries:
    def __init__(
        self,
        sessions: Sessions,
        activities: Activities,
        hosts: HostQueries,
        venues: Venues,
        rooms: Rooms,
        venue_settings: VenueSettingsStore,
        availabilities: Availabilities,
        pace: Pace,
    ) -> None:
        self._sessions = sessions
        self._activities = activities
        self._hosts = hosts
        self._venues = venues
        self._rooms = rooms
        self._venue_settings = venue_settings
        self._availabilities = availabilities
        self._pace = pace

    async def of_edition(self, edition: Edition) -> Plan:
        known = await self._sessions.of_edition(None, edition.id)
        sessions = [planned_session(session) for session in known if session.cancelled is None]
        used = {session.venue_id for session in sessions}
        activities, hosts, venues, rooms, venue_settings, availabilities = await asyncio.gather(
            self._activities.all_of_edition(edition.id),
            self._hosts.of_edition(edition.id),
            self._venues.all(),
            self._rooms.of_venues(used),
            self._venue_settings.of_venues(used),
            self._availabilities.all_of_edition(edition.id),
        )
        return Plan(
            first_day=edition.facts.starts_on,
            last_day=edition.facts.ends_on,
            sessions=sessions,
            activities={one.id: one for one in activities},
            venues={one.id: one for one in venues},
            rooms={one.id: one for one in rooms},
            venue_settings={one.id: one.facts for one in venue_settings},
            hosts=hosts,
            available={one.person_id: one.facts.intervals for one in availabilities},
            pace=self._pace,
        )


def planned_session(session: Session) -> PlannedSession:
    """The session as it would be after the next release."""
    facts = session.working
    return PlannedSession(
        id=session.id,
        activity_id=session.activity_id,
        title=session.title,
        venue_id=facts.venue_id,
        room_id=facts.room_id,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        closes_at=facts.closes_at,
        capacity=facts.capacity,
        setup=timedelta(minutes=facts.setup_minutes),
        strike=timedelta(minutes=facts.strike_minutes),
        hosts=facts.hosts,
        online=facts.mode is Mode.ONLINE,
    )
