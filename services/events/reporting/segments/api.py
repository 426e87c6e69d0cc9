from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.editions.store import Editions
from services.events.reporting.segments.queries import SegmentQueries
from services.events.reporting.segments.rules import SegmentElsewhere, SegmentOwner
from shared.audit import Audit
from shared.clock import now
from shared.http.access import requires
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["segments"])
Everybody = Annotated[SegmentQueries, Depends(provided(SegmentQueries))]
AllEditions = Annotated[Editions, Depends(provided(Editions))]
Trail = Annotated[Audit, Depends(provided(Audit))]
Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]

SHOWN = 100


class Preview(BaseModel):
    count: int
    people: list[UUID]  # the first 100, in no order; ids, never names


@router.post(
    "/editions/{edition_id}/segments/preview", responses=problems(EditionUnknown, SegmentElsewhere)
)
async def preview(
    edition_id: UUID,
    body: SegmentOwner,
    who: Organiser,
    editions: AllEditions,
    everybody: Everybody,
    trail: Trail,
) -> Preview:
    """Who is in a segment at this moment. That somebody looked is in the audit trail."""
    await editions.get(edition_id)
    count, people = 0, []
    async for person_id in everybody.members(edition_id, body.segment, now()):
        count += 1
        if count <= SHOWN:
            people.append(person_id)
    await trail.record_alone("edition.preview_segment", "edition", edition_id, now())
    return Preview(count=count, people=people)
