"""Reads occupancy from the scans of all gates; nothing is stored for it."""

from collections import Counter
from collections.abc import Collection
from itertools import starmap
from uuid import UUID

from services.events.admission.occupancy import rules
from services.events.admission.occupancy.rules import PersonInside
from services.events.admission.scans.rules import JudgedScan, judge
from services.events.admission.scans.store import TicketScans


class OccupancyQueries:
    def __init__(self, scans: TicketScans) -> None:
        self._scans = scans

    async def inside(self, sessions: Collection[UUID]) -> Counter[UUID]:
        """How many people are in each of these sessions now."""
        present = await self._scans.present(sessions)
        found = rules.inside(starmap(PersonInside, present))
        return Counter({key: found[key] for key in sessions if found[key]})

    async def admitted(self, session_id: UUID) -> int:
        """How many people were ever let in."""
        return await self._scans.people_admitted(session_id)

    async def of_person(
        self, person_id: UUID, sessions: Collection[UUID]
    ) -> list[tuple[UUID, int, list[JudgedScan]]]:
        """For `rules.stays`: of each ticket of this person at one of these sessions, the session,
        the number of people and the judged scans."""
        tickets = await self._scans.of_person(person_id, sessions)
        return [(session_id, size, judge(scans)[0]) for session_id, size, scans in tickets]
