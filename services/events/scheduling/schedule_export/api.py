from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse, Response

from services.events.programme.activities.store import Activities
from services.events.programme.editions.api import visible
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.editions.store import Editions
from services.events.programme.sessions.store import Sessions
from services.events.programme.strands.store import Strands
from services.events.scheduling.schedule_export.pages import widget
from services.events.scheduling.schedule_export.rules import ExportedSchedule, as_json, as_xml
from services.events.scheduling.schedule_releases.store import Releases
from services.events.settings import Settings
from shared.http.access import anyone
from shared.http.language import current_language
from shared.http.problems import problems
from shared.http.provided import provided

router = APIRouter(prefix="/v1/editions/{edition_id}", tags=["schedule"])
XML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": {}}}}
HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}


async def programme(
    edition_id: UUID,
    editions: Annotated[Editions, Depends(provided(Editions))],
    activities: Annotated[Activities, Depends(provided(Activities))],
    strands: Annotated[Strands, Depends(provided(Strands))],
    sessions: Annotated[Sessions, Depends(provided(Sessions))],
    releases: Annotated[Releases, Depends(provided(Releases))],
    settings: Annotated[Settings, Depends(provided(Settings))],
) -> ExportedSchedule:
    """An announced edition's, as of its last release. Raises `EditionUnknown`."""
    edition = await visible(edition_id, None, editions)
    found = await sessions.public(edition_id=edition_id, cancelled=None)
    return ExportedSchedule(
        edition=edition,
        release=await releases.last(edition_id),
        sessions=tuple(found),
        activities={one.id: one for one in await activities.whole(edition_id)},
        strands={one.id: one for one in await strands.of_edition(edition_id)},
        public_url=settings.public_url,
    )


Public = Annotated[ExportedSchedule, Depends(programme)]


@router.get(
    "/schedule.json",
    dependencies=[anyone],
    response_class=JSONResponse,
    responses=problems(EditionUnknown),
)
async def json(public: Public) -> Response:
    """The schedule in the form that frab and pretalx write, at most 5,000 sessions."""
    return JSONResponse(as_json(public, current_language()))


@router.get(
    "/schedule.xml",
    dependencies=[anyone],
    response_class=Response,
    responses=XML | problems(EditionUnknown),
)
async def xml(public: Public) -> Response:
    """The same as XML."""
    return Response(as_xml(public, current_language()), media_type="application/xml")


@router.get(
    "/schedule.html",
    dependencies=[anyone],
    response_class=Response,
    responses=HTML | problems(EditionUnknown),
)
async def html(public: Public) -> Response:
    """The same as a page that stands alone, to be shown in a frame of another site."""
    return widget(public, current_language())
