"""Creative spaces and venues: museums, craft villages, galleries, converted factories.

An address is stored in the words of its people, with the ward of today (phường or xã since 1 July
2025).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.aggregates import Decision, Described, create_or_replace
from shared.contracts.registry import SpacePublished
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Line, Localized, Prose, Slug


class SpaceUnknown(NotFound):
    code = "space.unknown"
    vi = "Không tìm thấy không gian này."
    en = "There is no such space."


class SlugTaken(Conflict):
    code = "space.slug_taken"
    vi = "Tên định danh này đã được dùng."
    en = "This slug is in use."


class SpaceKind(StrEnum):
    PUBLIC = "public"
    HERITAGE = "heritage"
    EDUCATION = "education"
    MUSEUM = "museum"
    CRAFT_VILLAGE = "craft_village"
    ENTERPRISE = "enterprise"
    ART = "art"
    ONLINE = "online"
    GATHERING = "gathering"  # library, gallery, café, co-working


class SpaceFacts(Schema):
    """What is known of a space."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "slug": "dinh-dong-ngac",
                "name": {"vi": "Đình làng Đông Ngạc", "en": "Đông Ngạc communal house"},
                "kind": "heritage",
                "address": "Ngõ 3, làng Đông Ngạc",
                "ward": "Phường Đông Ngạc",
                "capacity": 200,
                "about": "Ngôi đình thế kỷ 17, nơi tổ chức hội làng.",
            }
        ),
    )

    slug: Slug
    """Its name in addresses, used by no other space: lower-case letters, digits, hyphens."""
    name: Localized
    """Its name, as the public reads it."""
    kind: SpaceKind
    """What it is; `gathering` is a library, gallery, café or co-working space."""
    address: Line
    """The street address as its people write it, without ward and city."""
    ward: Line
    """The phường or xã of today (since 1 July 2025)."""
    capacity: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """How many people it holds at the same time; null if nobody knows."""
    about: Prose = ""
    """What the public reads about it, in Vietnamese."""


class Space(Described):
    facts: SpaceFacts
    slug: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Describe:
    space_id: UUID
    facts: SpaceFacts


@dataclass(frozen=True, slots=True)
class Publish:
    pass


Command = Describe | Publish


def decide(space: Space | None, command: Command, now: datetime) -> Decision[Space]:
    if isinstance(command, Describe):
        return _describe(space, command, now)
    if space is None:
        raise SpaceUnknown
    match command:
        case Publish():
            if space.public:
                return Decision(space)
            after = space.changed(public=True, changed_at=now)
            return Decision(after, (_published(after),))
        case _:
            assert_never(command)


def _describe(space: Space | None, command: Describe, now: datetime) -> Decision[Space]:
    facts = command.facts
    described = Space(
        id=command.space_id,
        facts=facts,
        slug=facts.slug,
        public=space is not None and space.public,
        changed_at=now,
    )
    after = create_or_replace(space, described).state
    return Decision(after, (_published(after),) if after.public and after != space else ())


def _published(space: Space) -> SpacePublished:
    facts = space.facts
    return SpacePublished(
        space_id=space.id,
        slug=facts.slug,
        name=facts.name,
        kind=facts.kind.value,
        address=facts.address,
        ward=facts.ward,
        capacity=facts.capacity,
    )
