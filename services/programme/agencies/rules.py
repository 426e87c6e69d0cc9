"""Agencies and partners, who lead or co-ordinate work items."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
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


class AgencyFacts(Schema):
    """What is known of an agency."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "slug": "so-van-hoa-the-thao",
                "name": {
                    "vi": "Sở Văn hoá và Thể thao Hà Nội",
                    "en": "Hanoi Department of Culture and Sports",
                },
                "kind": "city",
            }
        ),
    )

    slug: Slug
    """Its name in addresses, used by no other agency: lower-case letters, digits, hyphens."""
    name: Localized
    """Its official name."""
    kind: AgencyKind
    """`city` is a department or body of the city; then `national`, `international`, `association`,
    `company`."""


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
