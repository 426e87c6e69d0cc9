"""Reads the people of an edition who are in a segment, one by one."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.events.admission.scans.store import TicketScans
from services.events.booking.registrations.queries import HeldRegistration, RegistrationQueries
from services.events.courses.hosts.queries import HostQueries
from services.events.reporting.segments.rules import (
    Involvement,
    Segment,
    SegmentPerson,
    SegmentSession,
    SessionsById,
    matcher,
    sessions_to_read,
)
from shared.mongo import Mongo


class SegmentQueries:
    def __init__(
        self,
        mongo: Mongo,
        hosts: HostQueries,
        registrations: RegistrationQueries,
        scans: TicketScans,
    ) -> None:
        self._hosts = hosts
        self._sessions = mongo.collection("sessions")
        self._activities = mongo.collection("activities")
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
        of_edition = {"edition_id": edition_id}
        strands = {
            row["_id"]: row["facts"].get("strand_id")
            async for row in self._activities.find(of_edition, {"facts.strand_id": 1})
        }
        hosts = await self._hosts.of_edition(edition_id)
        wanted = {
            "activity_id": 1,
            "facts.ends_at": 1,
            "facts.hosts": 1,
            "of_course": 1,
            "published": 1,
            "cancelled": 1,
        }
        return {
            row["_id"]: SegmentSession(
                activity_id=row["activity_id"],
                strand_id=strands.get(row["activity_id"]),
                ends_at=row["facts"]["ends_at"],
                hosts=frozenset(hosts.of(row["activity_id"], row["facts"].get("hosts", ()))),
                course_id=row["activity_id"] if _held_by_course(row) else None,
            )
            async for row in self._sessions.find(of_edition, wanted)
        }


def _held_by_course(session: dict[str, Any]) -> bool:
    """True if it is held: people can only be absent from a session that takes place."""
    return bool(session.get("of_course") and session["published"] and not session["cancelled"])
