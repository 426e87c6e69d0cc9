"""Delegations: from which city, country and organisation guests come to an edition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, StringConstraints, computed_field

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import NotFound
from shared.schema import Schema, example
from shared.text import Line, Localized

HOME_COUNTRY = "VN"


class DelegationUnknown(NotFound):
    code = "delegation.unknown"
    vi = "Không tìm thấy đoàn khách này."
    en = "There is no such delegation."


class DelegationFacts(Schema):
    """No names of people. Guests enter their own names when they answer."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "city": "Kyoto",
                "country": "JP",
                "organisation": {"vi": "Thành phố Kyoto", "en": "City of Kyoto"},
                "head": None,
            }
        ),
    )

    city: Line
    """The city that they come from."""
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """The country, by two letters (ISO 3166-1)."""
    organisation: Localized
    """The body that sends them."""
    head: UUID | None = None
    """The invitation of the guest who leads it."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def foreign(self) -> bool:
        """Whether they come from abroad."""
        return self.country != HOME_COUNTRY


class Delegation(Described):
    edition_id: UUID
    facts: DelegationFacts


@dataclass(frozen=True, slots=True)
class Describe:
    delegation_id: UUID
    edition_id: UUID
    facts: DelegationFacts


def decide(delegation: Delegation | None, command: Describe, now: datetime) -> Decision[Delegation]:
    described = Delegation(
        id=command.delegation_id, edition_id=command.edition_id, facts=command.facts, changed_at=now
    )
    return create_or_replace(delegation, described)
