"""Reads who hosts the sessions that name nobody: from activities, and from courses."""

from collections.abc import Iterable
from uuid import UUID

from services.events.courses.courses.store import Courses
from services.events.programme.activities.store import Activities
from services.events.programme.sessions.hosts import DefaultHosts, default_hosts
from shared.mongo import Document, Tx


class HostQueries:
    def __init__(self, activities: Activities, courses: Courses) -> None:
        self._activities = activities
        self._courses = courses

    async def of_edition(self, edition_id: UUID) -> DefaultHosts:
        """Of all its activities."""
        return await self._read({"edition_id": edition_id}, None)

    async def of_activities(self, keys: Iterable[UUID], tx: Tx) -> DefaultHosts:
        return await self._read({"_id": {"$in": list(keys)}}, tx)

    async def _read(self, query: Document, tx: Tx | None) -> DefaultHosts:
        """A course has the id and the edition of its activity: one query fits both."""
        trainers = await self._courses.trainers(query, tx)
        people = await self._activities.people(query, tx)
        return DefaultHosts(
            {
                key: default_hosts(hosts, speakers, trainers.get(key, ()))
                for key, (hosts, speakers) in people.items()
            }
        )
