from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.editions.store import Editions
from services.events.reporting.statistics.queries import KEPT, StatisticsQueries
from services.events.reporting.statistics.rules import Statistics
from shared.clock import now
from shared.http.access import requires
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.roles import Role

router = APIRouter(prefix="/v1", tags=["statistics"])
AllEditions = Annotated[Editions, Depends(provided(Editions))]
Counted = Annotated[StatisticsQueries, Depends(provided(StatisticsQueries))]
Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]


@router.get("/editions/{edition_id}/statistics", responses=problems(EditionUnknown))
async def statistics(
    edition_id: UUID, who: Organiser, editions: AllEditions, counted: Counted, response: Response
) -> Statistics:
    """An edition in figures, at most a minute old (`as_of`): registrations, shows, no-shows, by
    kind, session, day and the venue's ward. Kinds with few children or wheelchair users are left
    out."""
    await editions.get(edition_id)
    response.headers["Cache-Control"] = f"private, max-age={int(KEPT.total_seconds())}"
    return await counted.of(edition_id, now())
