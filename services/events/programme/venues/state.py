"""Where something is held, as it was known when it was planned."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.errors import NotFound
from shared.text import Language, Localized, within

Where = tuple[UUID, UUID | None]
"""A venue, and a room in it."""


class VenueUnknown(NotFound):
    code = "venue.unknown"
    vi = "Không tìm thấy địa điểm này trong danh bạ không gian."
    en = "There is no such venue among the registry's spaces."


class Place(BaseModel):
    """A venue, and the room in it, in words."""

    model_config = ConfigDict(frozen=True)

    name: Localized
    address: str
    capacity: int | None
    room: Localized | None = None

    def in_(self, language: Language) -> str:
        return within(self.name, self.room, language)


class Venue(BaseModel):
    id: UUID
    slug: str
    name: Localized
    address: str
    ward: str
    capacity: int | None

    def place(self, room: Localized | None) -> Place:
        """As a session says it."""
        return Place(name=self.name, address=self.address, capacity=self.capacity, room=room)
