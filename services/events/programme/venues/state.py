"""Where a session is held."""

from uuid import UUID

from pydantic import ConfigDict

from shared.errors import NotFound
from shared.schema import Schema, example
from shared.text import Language, Localized, venue_and_room

VenueRoom = tuple[UUID, UUID | None]
"""The id of a venue, and of a room in it. None: the whole venue."""


class VenueUnknown(NotFound):
    code = "venue.unknown"
    vi = "Không tìm thấy địa điểm này trong danh bạ không gian."
    en = "There is no such venue in the directory of spaces."


class Place(Schema):
    """The name of a venue and of a room in it, as they were when the session was planned."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "name": {"vi": "Nhà máy xe lửa Gia Lâm", "en": "Gia Lâm railway works"},
                "address": "551 Nguyễn Văn Cừ",
                "capacity": 400,
                "room": {"vi": "Xưởng 2"},
            }
        ),
    )

    name: Localized
    """The venue's name."""
    address: str
    """The street address, without ward and city."""
    capacity: int | None
    """How many people the venue, or the room, holds; null if nobody knows."""
    room: Localized | None = None
    """The room's name; null: the whole venue."""

    def in_(self, language: Language) -> str:
        return venue_and_room(self.name, self.room, language)


class Venue(Schema):
    """A public creative space of the registry, in which sessions can be held."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                "slug": "xe-lua-gia-lam",
                "name": {"vi": "Nhà máy xe lửa Gia Lâm", "en": "Gia Lâm railway works"},
                "address": "551 Nguyễn Văn Cừ",
                "ward": "Phường Bồ Đề",
                "capacity": 400,
            }
        )
    )

    id: UUID
    """The venue's id: that of the space in the registry."""
    slug: str
    """Its name in addresses."""
    name: Localized
    """Its name."""
    address: str
    """The street address, without ward and city."""
    ward: str
    """The phường or xã of today (since 1 July 2025)."""
    capacity: int | None
    """How many people it holds at once; null if nobody knows."""

    def place(self, room: Localized | None) -> Place:
        """How sessions show this venue."""
        return Place(name=self.name, address=self.address, capacity=self.capacity, room=room)
