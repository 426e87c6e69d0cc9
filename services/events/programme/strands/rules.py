"""A strand: a group of activities in an edition, with a name and a colour.

An activity belongs to one strand or to none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import NotFound
from shared.text import Localized, LocalizedProse


class StrandUnknown(NotFound):
    code = "strand.unknown"
    vi = "Không tìm thấy tuyến hoạt động này trong mùa lễ hội."
    en = "The edition has no such strand."


class StrandFacts(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: Localized
    about: LocalizedProse = LocalizedProse()
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]  # sRGB, as CSS writes it
    order: Annotated[int, Field(ge=0, le=1000)] = 0  # among the edition's strands


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
