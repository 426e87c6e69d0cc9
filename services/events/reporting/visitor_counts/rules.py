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


class CountSource(BaseModel):
    """Who makes the claim."""

    model_config = ConfigDict(frozen=True)

    name: Line  # an office, a newspaper, a report
    reference: Line | None = None  # where to find it: an address, a number and date


class VisitorCountFacts(BaseModel):
    """One claim: about a venue, about a place in words, or (if neither) about the whole edition."""

    model_config = ConfigDict(frozen=True)

    value: Annotated[int, Field(ge=0, le=100_000_000)]
    measure: Measure = Measure.VISITS
    venue_id: UUID | None = None
    place: Line | None = None
    method: Method
    source: CountSource
    first_day: Day
    last_day: Day

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


class Range(BaseModel):
    """The claims about one place, one measure and the same days; `claims` from the lowest up.

    It is a range and not a result: quote it only together with its claims.
    """

    venue_id: UUID | None
    place: str | None
    measure: Measure
    first_day: Day
    last_day: Day
    lowest: int
    highest: int
    disagree: bool
    claims: list[UUID]


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
