"""Agencies and partners: who leads or co-ordinates the work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.aggregates import Aggregate, Decision
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


class Agency(Aggregate):
    facts: AgencyFacts
    slug: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Describe:
    agency_id: UUID
    facts: AgencyFacts


def decide(agency: Agency | None, command: Describe, now: datetime) -> Decision[Agency]:
    facts = command.facts
    if agency is None:
        return Decision(Agency(id=command.agency_id, facts=facts, slug=facts.slug, changed_at=now))
    if facts == agency.facts:
        return Decision(agency)
    return Decision(agency.changed(facts=facts, slug=facts.slug, changed_at=now))
