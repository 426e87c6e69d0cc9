"""Where a session is, in the words a session keeps: of its venue, and of the room in it."""

from collections.abc import Collection
from uuid import UUID

from services.events.sessions.rules import Facts, Place
from services.events.venues.arrangements import Rooms
from services.events.venues.store import Venues
from shared.mongo import Tx


class Whereabouts:
    def __init__(self, venues: Venues, rooms: Rooms) -> None:
        self._venues = venues
        self._rooms = rooms

    async def of(self, facts: Facts) -> Place:
        """Raises `VenueUnknown`, and `RoomUnknown` if the venue has no such room."""
        venue = await self._venues.get(facts.venue_id)
        room = await self._rooms.in_venue(facts.venue_id, facts.room_id)
        return venue.place(room.facts.name if room else None)

    async def of_each(
        self, tx: Tx, planned: Collection[Facts]
    ) -> dict[tuple[UUID, UUID | None], Place]:
        """By venue and room. Neither is ever taken back, so all that were known are."""
        venues = await self._venues.several(tx, {facts.venue_id for facts in planned})
        rooms = await self._rooms.several(tx, {facts.room_id for facts in planned if facts.room_id})
        return {
            where: venues[where[0]].place(rooms[where[1]].facts.name if where[1] else None)
            for where in {(facts.venue_id, facts.room_id) for facts in planned}
        }
