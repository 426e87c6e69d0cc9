"""When a speaker or host can come to an edition. They say it themselves, or organisers for them.

Without any interval nothing is known, and organisers may plan the person at any time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import ConfigDict, Field, model_validator

from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.schema import Schema, example


class Interval(Schema):
    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"starts_at": "2026-11-06T02:00:00Z", "ends_at": "2026-11-06T10:00:00Z"}
        ),
    )

    starts_at: Moment
    """From when they can come: RFC 3339, in UTC."""
    ends_at: Moment
    """Until when: RFC 3339, in UTC."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        return self


class AvailabilityFacts(Schema):
    """The times at which somebody can come. None: nothing is known."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "intervals": [
                    {"starts_at": "2026-11-06T02:00:00Z", "ends_at": "2026-11-06T10:00:00Z"}
                ]
            }
        ),
    )

    intervals: Annotated[tuple[Interval, ...], Field(max_length=200)] = ()
    """Times at which they can come. They may touch and overlap."""


class Availability(Aggregate):
    edition_id: UUID
    person_id: UUID
    facts: AvailabilityFacts
    set_by: UUID
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SetAvailability:
    edition_id: UUID
    person_id: UUID
    facts: AvailabilityFacts
    by: UUID


def availability_id(edition_id: UUID, person_id: UUID) -> UUID:
    return uuid5(edition_id, str(person_id))


def decide(
    known: Availability | None, command: SetAvailability, now: datetime
) -> Decision[Availability]:
    if known is None:
        return Decision(
            Availability(
                id=availability_id(command.edition_id, command.person_id),
                edition_id=command.edition_id,
                person_id=command.person_id,
                facts=command.facts,
                set_by=command.by,
                changed_at=now,
            )
        )
    if known.facts == command.facts:
        return Decision(known)
    return Decision(known.changed(facts=command.facts, set_by=command.by, changed_at=now))


def merge_intervals(intervals: Iterable[Interval]) -> list[tuple[datetime, datetime]]:
    """In order of time. Intervals that touch or overlap become one."""
    found: list[tuple[datetime, datetime]] = []
    for one in sorted(intervals, key=lambda interval: interval.starts_at):
        if found and one.starts_at <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], one.ends_at)
        else:
            found.append((one.starts_at, one.ends_at))
    return found
