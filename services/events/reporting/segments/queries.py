"""Reads the people of an edition who are in a segment, one by one."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from uuid import UUID

from services.events.admission.scans.store import TicketScans
from services.events.booking.registrations.queries import HeldRegistration, RegistrationQueries
from services.events.courses.hosts.queries import HostQueries
from services.events.programme.activities.store import Activities
from services.events.programme.sessions.store import Sessions
from services.events.reporting.segments.rules import (
    Involvement,
    Segment,
    SegmentPerson,
    SegmentSession,
    SessionsById,
    matcher,
    sessions_to_read,
)


class SegmentQueries:
    def __init__(
        self,
        sessions: Sessions,
        activities: Activities,
        hosts: HostQueries,
        registrations: RegistrationQueries,
        scans: TicketScans,
    ) -> None:
        self._sessions = sessions
        self._activities = activities
        self._hosts = hosts
        self._registrations = registrations
        self._scans = scans

    async def members(
        self, edition_id: UUID, segment: Segment, now: datetime
    ) -> AsyncIterator[UUID]:
        """The ids of the people in the segment, each once. Raises `SegmentElsewhere`."""
        sessions = await self._sessions_of(edition_id)
        to_read = sessions_to_read(segment, sessions)
        is_member = matcher(segment, sessions, now)
        hosted: defaultdict[UUID, set[UUID]] = defaultdict(set)  # by person
        of_courses: defaultdict[UUID, list[UUID]] = defaultdict(list)  # sessions by course
        for session_id in to_read:
            session = sessions[session_id]
            for person_id in session.hosts:
                hosted[person_id].add(session_id)
            if session.course_id is not None:
                of_courses[session.course_id].append(session_id)
        attended = await self._scans.let_in_at(
            [one for some in of_courses.values() for one in some]
        )

        def involvements(one: HeldRegistration) -> Iterator[Involvement]:
            """Who is enrolled in a course has a seat in each of its sessions."""
            if one.bookable_id not in of_courses:
                yield Involvement(one.bookable_id, one.status, one.admitted)
                return
            for session_id in of_courses[one.bookable_id]:
                yield Involvement(session_id, one.status, (one.id, session_id) in attended)

        async for person_id, held in self._registrations.by_person(to_read.union(of_courses)):
            known = [each for one in held for each in involvements(one)]
            if is_member(SegmentPerson(person_id, known, frozenset(hosted.pop(person_id, ())))):
                yield person_id
        for person_id, hosting in hosted.items():  # who have no registration
            if is_member(SegmentPerson(person_id, (), frozenset(hosting))):
                yield person_id

    async def check(self, edition_id: UUID, segment: Segment) -> None:
        """Raises `SegmentElsewhere` if it names something that is not of this edition."""
        sessions_to_read(segment, await self._sessions_of(edition_id))

    async def _sessions_of(self, edition_id: UUID) -> SessionsById:
        strands = await self._activities.strands(edition_id)
        hosts = await self._hosts.of_edition(edition_id)
        return {
            one.id: SegmentSession(
                activity_id=one.activity_id,
                strand_id=strands.get(one.activity_id),
                ends_at=one.ends_at,
                hosts=frozenset(hosts.of(one.activity_id, one.hosts)),
                course_id=one.course_id,
            )
            async for one in self._sessions.outlines(edition_id)
        }
