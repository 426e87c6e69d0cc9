"""The route that previews a segment."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from services.events.dependencies import Organiser, TheAudit
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.rules import EditionUnknown
from services.events.reporting.dependencies import TheSegmentQueries
from services.events.reporting.segments.rules import SegmentDescription, SegmentElsewhere
from shared.http.now import Now
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["segments"])

MAX_SHOWN = 100


class Preview(BaseModel):
    count: int
    people: list[UUID]  # the first 100, in no order; ids, never names


@router.post(
    "/editions/{edition_id}/segments/preview", responses=problems(EditionUnknown, SegmentElsewhere)
)
async def preview(
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
