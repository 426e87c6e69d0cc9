"""Segments: who, out of the people of an edition."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict

from services.events.dependencies import Organiser, TheAudit
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.rules import EditionUnknown
from services.events.reporting.dependencies import TheSegmentQueries
from services.events.reporting.segments.rules import SegmentDescription, SegmentElsewhere
from shared.http.now import Now
from shared.http.problems import problems
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["segments"])

MAX_SHOWN = 100


class Preview(Schema):
    """Who is in a segment."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "count": 28,
                "people": [
                    "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                    "0199f3a2-6e75-7f67-92a3-b4c5d6e7f809",
                ],
            }
        )
    )

    count: int
    """How many people."""
    people: list[UUID]
    """The ids of the first 100, in no order."""


@router.post(
    "/editions/{edition_id}/segments/preview", responses=problems(EditionUnknown, SegmentElsewhere)
)
async def preview_segment(
    edition_id: UUID,
    body: SegmentDescription,
    who: Organiser,
    editions: AllEditions,
    segments: TheSegmentQueries,
    audit: TheAudit,
    now: Now,
) -> Preview:
    """Who is in a segment at this moment. That somebody looked is in the audit trail."""
    await editions.get(edition_id)
    count, people = 0, []
    async for person_id in segments.members(edition_id, body.segment, now):
        count += 1
        if count <= MAX_SHOWN:
            people.append(person_id)
    await audit.record_alone("edition.preview_segment", "edition", edition_id, now)
    return Preview(count=count, people=people)
