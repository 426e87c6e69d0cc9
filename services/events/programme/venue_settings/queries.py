"""Puts into words where something is held: at which venue, and in which room of it."""

from collections.abc import Collection

from services.events.programme.venue_settings.store import Rooms
from services.events.programme.venues.state import Place, Where
from services.events.programme.venues.store import Venues
from shared.mongo import Tx


class VenueResolver:
    def __init__(self, venues: Venues, rooms: Rooms) -> None:
        self._venues = venues
        self._rooms = rooms

    async def of(self, where: Where) -> Place:
        """Raises `VenueUnknown`, and `RoomUnknown` if the venue has no such room."""
        venue = await self._venues.get(where[0])
        room = await self._rooms.in_venue(*where)
        return venue.place(room.facts.name if room else None)

    async def of_each(self, tx: Tx, where: Collection[Where]) -> dict[Where, Place]:
        """Neither venues nor rooms are ever taken back: all that were known are."""
        venues = await self._venues.several(tx, {venue for venue, _ in where})
        rooms = await self._rooms.several(tx, {room for _, room in where if room})
        return {
            (venue, room): venues[venue].place(rooms[room].facts.name if room else None)
            for venue, room in where
        }
