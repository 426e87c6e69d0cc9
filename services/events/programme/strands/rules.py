"""A strand: a group of activities in an edition, with a name and a colour.

An activity belongs to one strand or to none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import NotFound
from shared.schema import Schema, example
from shared.text import Localized, LocalizedProse


class StrandUnknown(NotFound):
    code = "strand.unknown"
    vi = "Không tìm thấy tuyến hoạt động này trong mùa lễ hội."
    en = "The edition has no such strand."


class StrandFacts(Schema):
    """What organisers say of a strand."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "name": {"vi": "Làng nghề", "en": "Craft villages"},
                "about": {"vi": "Nghề cũ, cách làm mới.", "en": ""},
                "colour": "#b5432e",
                "order": 2,
            }
        ),
    )

    name: Localized
    """Its name in the programme."""
    about: LocalizedProse = LocalizedProse()
    """What its activities have in common."""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    """The colour that marks its activities: sRGB, as CSS writes it, in lower case."""
    order: Annotated[int, Field(ge=0, le=1000)] = 0
    """Its place among the strands of the edition: lower comes first."""


class Strand(Described):
    edition_id: UUID
    facts: StrandFacts


@dataclass(frozen=True, slots=True)
class Describe:
    strand_id: UUID
    edition_id: UUID
    facts: StrandFacts


def decide(strand: Strand | None, command: Describe, now: datetime) -> Decision[Strand]:
    described = Strand(
        id=command.strand_id, edition_id=command.edition_id, facts=command.facts, changed_at=now
    )
    return create_or_replace(strand, described)
