"""Agencies and partners, who lead or co-ordinate work items."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict, NotFound
from shared.text import Localized, Slug


class AgencyUnknown(NotFound):
    code = "agency.unknown"
    vi = "Không tìm thấy cơ quan này."
    en = "There is no such agency."


class AgencySlugTaken(Conflict):
    code = "agency.slug_taken"
    vi = "Tên định danh này đã được dùng."
    en = "This slug is in use."


class AgencyKind(StrEnum):
    CITY = "city"  # a department or body of the city
    NATIONAL = "national"
    INTERNATIONAL = "international"
    ASSOCIATION = "association"
    COMPANY = "company"


class AgencyFacts(BaseModel):
    model_config = ConfigDict(frozen=True)

    slug: Slug
    name: Localized
    kind: AgencyKind


class Agency(Described):
    facts: AgencyFacts
    slug: str


@dataclass(frozen=True, slots=True)
class Describe:
    agency_id: UUID
    facts: AgencyFacts


def decide(agency: Agency | None, command: Describe, now: datetime) -> Decision[Agency]:
    facts = command.facts
    described = Agency(id=command.agency_id, facts=facts, slug=facts.slug, changed_at=now)
    return create_or_replace(agency, described)
