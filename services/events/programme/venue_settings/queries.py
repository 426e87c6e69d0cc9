"""Finds the names of venues and rooms by their ids."""

from collections.abc import Collection

from services.events.programme.venue_settings.store import Rooms
from services.events.programme.venues.state import Place, VenueRoom
from services.events.programme.venues.store import Venues
from shared.mongo import Tx


class VenueResolver:
    def __init__(self, venues: Venues, rooms: Rooms) -> None:
        self._venues = venues
        self._rooms = rooms

    async def resolve(self, venue_room: VenueRoom) -> Place:
        """Raises `VenueUnknown`, and `RoomUnknown` if the venue has no such room."""
        venue = await self._venues.get(venue_room[0])
        room = await self._rooms.in_venue(*venue_room)
        return venue.place(room.facts.name if room else None)

    async def resolve_all(
        self, tx: Tx, venue_rooms: Collection[VenueRoom]
    ) -> dict[VenueRoom, Place]:
        """All of them must have been known before. Venues and rooms are never deleted."""
        venues = await self._venues.several(tx, {venue for venue, _ in venue_rooms})
        rooms = await self._rooms.several(tx, {room for _, room in venue_rooms if room})
        return {
            (venue, room): venues[venue].place(rooms[room].facts.name if room else None)
            for venue, room in venue_rooms
        }
