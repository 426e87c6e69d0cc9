"""Visitor counts are claims: a source says how many people came, where, when, and by which method.

Two claims may disagree, and both stay. They are never added up or averaged: where claims about the
same thing differ, the summary gives the lowest and the highest. A claim is never edited or deleted;
a second record withdraws it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.clock import Day
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Line


class VisitorCountUnknown(NotFound):
    code = "count.unknown"
    vi = "Không tìm thấy số liệu này."
    en = "There is no such count."


class AlreadyWithdrawn(Conflict):
    code = "count.withdrawn"
    vi = "Số liệu này đã được rút lại."
    en = "This count has already been withdrawn."


class Measure(StrEnum):
    VISITS = "visits"  # a person who comes twice counts twice
    VISITORS = "visitors"  # each person counts once
    TICKETS = "tickets"


class Method(StrEnum):
    TICKET_SCANS = "ticket_scans"
    TICKETS_SOLD = "tickets_sold"
    CLICKER = "clicker"  # a person with a hand counter
    SENSOR = "sensor"  # a beam, a mat, a camera that counts
    REGISTRATIONS = "registrations"
    ESTIMATE = "estimate"
    UNSTATED = "unstated"  # the source does not say how


class CountSource(Schema):
    """Who says so."""

    model_config = ConfigDict(frozen=True)

    name: Line
    """An office, a newspaper, a report."""
    reference: Line | None = None
    """Where to find it: an address, or a number and a date."""


class VisitorCountFacts(Schema):
    """One claim: of a venue, of a place in words, or (neither) of the whole edition."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "value": 230000,
                "measure": "visits",
                "venue_id": None,
                "place": None,
                "method": "estimate",
                "source": {
                    "name": "Ban tổ chức",
                    "reference": "Báo cáo số 45/BC-SVHTT ngày 20/11/2026",
                },
                "first_day": "2026-11-06",
                "last_day": "2026-11-15",
            }
        ),
    )

    value: Annotated[int, Field(ge=0, le=100_000_000)]
    """How many."""
    measure: Measure = Measure.VISITS
    """What is counted: `visits` (who comes twice counts twice), `visitors` (each person once) or
    `tickets`."""
    venue_id: UUID | None = None
    """The venue that it is about."""
    place: Line | None = None
    """The place that it is about, in words."""
    method: Method
    """How it was counted; `unstated`: the source does not say."""
    source: CountSource
    """Who says so."""
    first_day: Day
    """The first day that it counts, in Hanoi."""
    last_day: Day
    """The last day that it counts, in Hanoi."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.venue_id is not None and self.place is not None:
            raise ValueError("give either venue_id or place")
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        return self


class Withdrawal(BaseModel):
    model_config = ConfigDict(frozen=True)

    reason: Line
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitorCount:
    """One recorded claim. `recorded_by`: the member of staff who recorded it."""

    id: UUID
    edition_id: UUID
    facts: VisitorCountFacts
    recorded_by: UUID
    recorded_at: datetime
    withdrawn: Withdrawal | None = None


class Range(Schema):
    """What is claimed of one place, one measure and the same days. It is a range, not a result: who
    quotes it quotes its claims."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "venue_id": None,
                "place": None,
                "measure": "visits",
                "first_day": "2026-11-06",
                "last_day": "2026-11-15",
                "lowest": 210000,
                "highest": 230000,
                "disagree": True,
                "claims": [
                    "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                    "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                ],
            }
        )
    )

    venue_id: UUID | None
    """The venue that it is about."""
    place: str | None
    """The place that it is about, in words."""
    measure: Measure
    """What is counted."""
    first_day: Day
    """The first day that it counts, in Hanoi."""
    last_day: Day
    """The last day that it counts, in Hanoi."""
    lowest: int
    """The lowest claim."""
    highest: int
    """The highest claim."""
    disagree: bool
    """Whether the claims differ."""
    claims: list[UUID]
    """Ids of the claims, from the lowest up."""


def ranges(claims: Iterable[VisitorCount]) -> list[Range]:
    """The claims that are not withdrawn, those about the same thing together.

    First the whole edition, then venues, then places in words; then by measure; then the longest
    period first.
    """
    alike: defaultdict[tuple[UUID | None, str | None, Measure, date, date], list[VisitorCount]]
    alike = defaultdict(list)
    for claim in claims:
        facts = claim.facts
        if claim.withdrawn is None:
            about = facts.venue_id, facts.place, facts.measure, facts.first_day, facts.last_day
            alike[about].append(claim)
    return sorted((_range(some) for some in alike.values()), key=_order)


def _range(claims: list[VisitorCount]) -> Range:
    claims = sorted(claims, key=lambda claim: (claim.facts.value, claim.id))
    facts, lowest, highest = claims[0].facts, claims[0].facts.value, claims[-1].facts.value
    return Range(
        venue_id=facts.venue_id,
        place=facts.place,
        measure=facts.measure,
        first_day=facts.first_day,
        last_day=facts.last_day,
        lowest=lowest,
        highest=highest,
        disagree=lowest < highest,
        claims=[claim.id for claim in claims],
    )


def _order(found: Range) -> tuple[object, ...]:
    where = 0 if found.venue_id is None and found.place is None else 1 if found.venue_id else 2
    days = (found.last_day - found.first_day).days
    return where, str(found.venue_id), found.place or "", found.measure, -days, found.first_day
