"""Where something is held, as it was known when it was planned."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.text import Language, Localized, within

Where = tuple[UUID, UUID | None]
"""A venue, and a room in it."""


class Place(BaseModel):
    """A venue, and the room in it, in words."""

    model_config = ConfigDict(frozen=True)

    name: Localized
    address: str
    capacity: int | None
    room: Localized | None = None

    def in_(self, language: Language) -> str:
        return within(self.name, self.room, language)
