"""Statistics: an edition in figures."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.rules import EditionUnknown
from services.events.reporting.dependencies import TheStatisticsQueries
from services.events.reporting.statistics.queries import KEEP_FOR
from services.events.reporting.statistics.rules import Statistics
from shared.http.now import Now
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["statistics"])


@router.get("/editions/{edition_id}/statistics", responses=problems(EditionUnknown))
async def read_statistics(
    edition_id: UUID,
    who: Organiser,
    editions: AllEditions,
    queries: TheStatisticsQueries,
    now: Now,
    response: Response,
) -> Statistics:
    """An edition in figures, at most a minute old.

    Registrations, shows and no-shows by kind, session, day and the venue's ward. Kinds with few
    children or wheelchair users are left out.
    """
    await editions.get(edition_id)
    response.headers["Cache-Control"] = f"private, max-age={int(KEEP_FOR.total_seconds())}"
    return await queries.of_edition(edition_id, now)
