"""The collections `rooms` and `venue_settings`: what organisers know about venues."""

from collections.abc import Iterable
from uuid import UUID

from services.events.programme.venue_settings import rules
from services.events.programme.venue_settings.rules import (
    DescribeRoom,
    DescribeVenueSettings,
    Room,
    RoomUnknown,
    VenueSettings,
)
from services.events.programme.venues.state import VenueUnknown
from shared.mongo import ASCENDING, Index, Tx
from shared.repositories import ImplicitRepository, Repository

INDEXES = [Index("rooms", [("venue_id", ASCENDING), ("_id", ASCENDING)])]


class Rooms(Repository[Room, DescribeRoom]):
    collection = "rooms"
    model = Room
    decide = staticmethod(rules.decide_room)
    not_found_error = RoomUnknown

    async def of_venues(self, venues: Iterable[UUID]) -> list[Room]:
        """In the order in which organisers added them."""
        found = self.documents.find({"venue_id": {"$in": list(venues)}})
        return [self.state(row) for row in await found.sort("_id", 1).to_list(None)]

    async def in_venue(self, venue_id: UUID, room_id: UUID | None) -> Room | None:
        """None without a `room_id`. Raises `RoomUnknown` if the venue has no such room."""
        if room_id is None:
            return None
        room = await self.get(room_id)
        if room.venue_id != venue_id:
            raise RoomUnknown
        return room

    async def several(self, tx: Tx, keys: Iterable[UUID]) -> dict[UUID, Room]:
        rows = self.documents.find({"_id": {"$in": list(keys)}}, session=tx.session)
        return {row["_id"]: self.state(row) for row in await rows.to_list(None)}


class VenueSettingsStore(ImplicitRepository[VenueSettings, DescribeVenueSettings]):
    collection = "venue_settings"
    model = VenueSettings
    decide = staticmethod(rules.decide_venue_settings)
    not_found_error = VenueUnknown

    async def of_venues(self, venues: Iterable[UUID]) -> list[VenueSettings]:
        rows = await self.documents.find({"_id": {"$in": list(venues)}}).to_list(None)
        return [self.state(row) for row in rows]
