"""Where a session is held."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.errors import NotFound
from shared.text import Language, Localized, venue_and_room

VenueRoom = tuple[UUID, UUID | None]
"""The id of a venue, and of a room in it. None: the whole venue."""


class VenueUnknown(NotFound):
    code = "venue.unknown"
    vi = "Không tìm thấy địa điểm này trong danh bạ không gian."
    en = "There is no such venue in the directory of spaces."


class Place(BaseModel):
    """The name of a venue and of a room in it, as they were when the session was planned."""

    model_config = ConfigDict(frozen=True)

    name: Localized
    address: str
    capacity: int | None
    room: Localized | None = None

    def in_(self, language: Language) -> str:
        return venue_and_room(self.name, self.room, language)


class Venue(BaseModel):
    id: UUID
    slug: str
    name: Localized
    address: str
    ward: str
    capacity: int | None

    def place(self, room: Localized | None) -> Place:
        """How sessions show this venue."""
        return Place(name=self.name, address=self.address, capacity=self.capacity, room=room)
