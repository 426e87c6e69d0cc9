"""Initiatives: what the city has promised to the UNESCO Creative Cities Network."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict, NotFound
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


class InitiativeFacts(BaseModel):
    model_config = ConfigDict(frozen=True)

    slug: Slug
    name: Localized
    scope: InitiativeScope
    about: Prose = ""
    sdgs: Annotated[tuple[Sdg, ...], Field(max_length=17)] = ()


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
