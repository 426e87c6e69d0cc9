"""Initiatives: what the city has promised to the UNESCO Creative Cities Network."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Localized, Prose, Slug

Sdg = Annotated[int, Field(ge=1, le=17)]
"""A Sustainable Development Goal of the 2030 Agenda, by number."""


class InitiativeUnknown(NotFound):
    code = "initiative.unknown"
    vi = "Không tìm thấy sáng kiến này."
    en = "There is no such initiative."


class InitiativeSlugTaken(Conflict):
    code = "initiative.slug_taken"
    vi = "Tên định danh này đã được dùng."
    en = "This slug is in use."


class InitiativeScope(StrEnum):
    LOCAL = "local"
    INTERNATIONAL = "international"


class InitiativeFacts(Schema):
    """What is known of an initiative."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "slug": "trung-tam-thiet-ke",
                "name": {
                    "vi": "Trung tâm Thiết kế Sáng tạo Hà Nội",
                    "en": "Hanoi Creative Design Centre",
                },
                "scope": "local",
                "about": "Nơi nhà thiết kế trẻ làm việc, học và trưng bày.",
                "sdgs": [8, 11],
            }
        ),
    )

    slug: Slug
    """Its name in addresses, used by no other initiative: lower-case letters, digits, hyphens."""
    name: Localized
    """Its name in the dossier."""
    scope: InitiativeScope
    """Whether it is for the city (`local`) or for the network (`international`)."""
    about: Prose = ""
    """What it is to achieve, in Vietnamese."""
    sdgs: Annotated[tuple[Sdg, ...], Field(max_length=17)] = ()
    """Sustainable Development Goals of the 2030 Agenda that it serves, by number."""


class Initiative(Described):
    facts: InitiativeFacts
    slug: str


@dataclass(frozen=True, slots=True)
class Describe:
    initiative_id: UUID
    facts: InitiativeFacts


def decide(initiative: Initiative | None, command: Describe, now: datetime) -> Decision[Initiative]:
    facts = command.facts
    described = Initiative(id=command.initiative_id, facts=facts, slug=facts.slug, changed_at=now)
    return create_or_replace(initiative, described)
