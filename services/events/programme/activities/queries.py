"""The filters of the programme lists: by what an activity is, and by when and where it is held."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.events.programme.activities.rules import ActivityKind, Audience, Discipline, Goal
from shared.clock import HANOI
from shared.mongo import Document


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Selects activities. A field that is None selects nothing and excludes nothing."""

    strand_id: UUID | None = None
    kind: ActivityKind | None = None
    discipline: str | None = None
    goal: int | None = None
    audience: Audience | None = None

    def query(self) -> Document:
        fields = {
            "strand_id": self.strand_id,
            "kind": self.kind and self.kind.value,
            "disciplines": self.discipline,
            "goals": self.goal,
            "audiences": self.audience and self.audience.value,
        }
        return {f"facts.{name}": value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Selects sessions by their day in Hanoi and by their venue.

    A session of several days is found on each of its days.
    """

    day: date | None = None
    venue_id: UUID | None = None

    def query(self) -> Document:
        found: Document = {}
        if self.day is not None:
            midnight = datetime.combine(self.day, time(), HANOI)
            found["facts.starts_at"] = {"$lt": midnight + timedelta(days=1)}
            found["facts.ends_at"] = {"$gt": midnight}
        if self.venue_id is not None:
            found["facts.venue_id"] = self.venue_id
        return found


async def activity_filter(
    strand_id: Annotated[UUID | None, Query(description="Only those of this strand.")] = None,
    kind: Annotated[ActivityKind | None, Query(description="Only those of this kind.")] = None,
    discipline: Annotated[
        Discipline | None, Query(description="Only those of this field of design.")
    ] = None,
    goal: Annotated[
        Goal | None, Query(description="Only those that serve this Sustainable Development Goal.")
    ] = None,
    audience: Annotated[Audience | None, Query(description="Only those for them.")] = None,
) -> ActivityFilter:
    return ActivityFilter(strand_id, kind, discipline, goal, audience)


async def session_filter(
    day: Annotated[
        date | None,
        Query(
            ge=date(2000, 1, 1),
            le=date(2199, 12, 31),
            description="Only what is held on this day in Hanoi, in part or whole.",
        ),
    ] = None,
    venue_id: Annotated[UUID | None, Query(description="Only what is held there.")] = None,
) -> SessionFilter:
    return SessionFilter(day, venue_id)
