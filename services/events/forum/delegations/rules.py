"""Delegations: from which city, country and organisation guests come to an edition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, computed_field

from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import NotFound
from shared.text import Line, Localized

HOME_COUNTRY = "VN"


class DelegationUnknown(NotFound):
    code = "delegation.unknown"
    vi = "Không tìm thấy đoàn khách này."
    en = "There is no such delegation."


class DelegationFacts(BaseModel):
    """No names of people. Guests enter their own names when they answer."""

    model_config = ConfigDict(frozen=True)

    city: Line
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2
    organisation: Localized
    head: UUID | None = None  # the invitation of the person who leads it

    @computed_field  # type: ignore[prop-decorator]
    @property
    def foreign(self) -> bool:
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
