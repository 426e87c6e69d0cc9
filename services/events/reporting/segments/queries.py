"""The people of an edition, one by one, and those of them who are in a segment."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.events.reporting.segments.rules import (
    HeldRegistration,
    Programme,
    Segment,
    SegmentPerson,
    SegmentSession,
    judge,
    looked_at,
)
from shared.mongo import Mongo


class SegmentQueries:
    def __init__(self, mongo: Mongo) -> None:
        self._sessions = mongo.collection("sessions")
        self._activities = mongo.collection("activities")
        self._courses = mongo.collection("courses")
        self._registrations = mongo.collection("registrations")
        self._entries = mongo.collection("ticket_scans")

    async def members(
        self, edition_id: UUID, segment: Segment, now: datetime
    ) -> AsyncIterator[UUID]:
        """The ids of those who are in it, each once. Raises `SegmentElsewhere`."""
        programme = await self._programme(edition_id)
        looked = looked_at(segment, programme)
        belongs = judge(segment, programme, now)
        hosting: dict[UUID, set[UUID]] = {}
        for session_id in looked:
            for person_id in programme[session_id].hosts:
                hosting.setdefault(person_id, set()).add(session_id)
        courses: dict[UUID, list[UUID]] = {}
        for session_id in looked:
            if (course_id := programme[session_id].course_id) is not None:
                courses.setdefault(course_id, []).append(session_id)
        attended = await self._attended([one for held in courses.values() for one in held])

        def has_all(one: dict[str, Any]) -> Iterator[HeldRegistration]:
            """Whoever is enrolled in a course has a place in each of its sessions."""
            if one["session_id"] not in courses:
                yield HeldRegistration(one["session_id"], one["status"], one["admitted"])
            for session_id in courses.get(one["session_id"], ()):
                yield HeldRegistration(
                    session_id, one["status"], (one["id"], session_id) in attended
                )

        async for row in self._registered(looked.union(courses)):
            has = [each for one in row["has"] for each in has_all(one)]
            hosted = frozenset(hosting.pop(row["_id"], ()))
            if belongs(SegmentPerson(row["_id"], has, hosted)):
                yield row["_id"]
        for person_id, sessions in hosting.items():  # those who have no place of their own
            if belongs(SegmentPerson(person_id, (), frozenset(sessions))):
                yield person_id

    async def check(self, edition_id: UUID, segment: Segment) -> None:
        """Raises `SegmentElsewhere`."""
        looked_at(segment, await self._programme(edition_id))

    async def _programme(self, edition_id: UUID) -> Programme:
        of_edition = {"edition_id": edition_id}
        fields = {"facts.strand_id": 1, "facts.hosts": 1}
        activities = {
            row["_id"]: row["facts"] async for row in self._activities.find(of_edition, fields)
        }
        trainers = {
            row["_id"]: row["facts"]["trainers"]
            async for row in self._courses.find(of_edition, {"facts.trainers": 1})
        }
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
                strand_id=(activity := activities.get(row["activity_id"], {})).get("strand_id"),
                ends_at=row["facts"]["ends_at"],
                hosts=frozenset(
                    [
                        *row["facts"].get("hosts", ()),
                        *activity.get("hosts", ()),
                        *trainers.get(row["activity_id"], ()),
                    ]
                ),
                course_id=row["activity_id"] if _held_by_course(row) else None,
            )
            async for row in self._sessions.find(of_edition, wanted)
        }

    async def _attended(self, sessions: list[UUID]) -> set[tuple[UUID, UUID]]:
        """Who was let in at which of a course's sessions: (registration, session)."""
        came = {"session_id": {"$in": sessions}, "admitted": True}
        fields = {"registration_id": 1, "session_id": 1}
        return {
            (row["registration_id"], row["session_id"])
            async for row in self._entries.find(came, fields)
        }

    def _registered(self, sessions: frozenset[UUID]) -> AsyncIterator[dict[str, Any]]:
        """Each person once, with all they have there. The database groups them, and may use its
        disk for it."""
        one = {
            "id": "$_id",
            "session_id": "$session_id",
            "status": "$status",
            "admitted": {"$ne": ["$admitted_at", None]},
        }
        return self._registrations.aggregate(
            [
                {"$match": {"session_id": {"$in": list(sessions)}, "status": {"$ne": "cancelled"}}},
                {"$group": {"_id": "$person_id", "has": {"$push": one}}},
            ],
            allowDiskUse=True,
            batchSize=1_000,
        )


def _held_by_course(session: dict[str, Any]) -> bool:
    """Nobody stays away from a session that is not held."""
    return bool(session.get("of_course") and session["published"] and not session["cancelled"])
