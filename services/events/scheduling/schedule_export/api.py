"""Schedule: an edition's schedule as files for other programs, and as a page."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse, Response

from services.events.dependencies import TheSettings
from services.events.programme.dependencies import (
    AllActivities,
    AllEditions,
    AllSessions,
    AllStrands,
)
from services.events.programme.editions.api import visible_edition
from services.events.programme.editions.rules import EditionUnknown
from services.events.scheduling.dependencies import AllReleases
from services.events.scheduling.schedule_export.pages import widget
from services.events.scheduling.schedule_export.rules import ExportedSchedule, as_json, as_xml
from shared.http.access import anyone
from shared.http.language import current_language
from shared.http.problems import problems

router = APIRouter(prefix="/v1/editions/{edition_id}", tags=["schedule"])
XML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": {}}}}
HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}


async def exported_schedule(
    edition_id: UUID,
    editions: AllEditions,
    activities: AllActivities,
    strands: AllStrands,
    sessions: AllSessions,
    releases: AllReleases,
    settings: TheSettings,
) -> ExportedSchedule:
    """The schedule of an announced edition, after its last release. Raises `EditionUnknown`."""
    edition = await visible_edition(edition_id, None, editions)
    found = await sessions.public(edition_id=edition_id, cancelled=None)
    return ExportedSchedule(
        edition=edition,
        release=await releases.last(edition_id),
        sessions=tuple(found),
        activities={one.id: one for one in await activities.all_of_edition(edition_id)},
        strands={one.id: one for one in await strands.of_edition(edition_id)},
        public_url=settings.public_url,
    )


PublicSchedule = Annotated[ExportedSchedule, Depends(exported_schedule)]


@router.get(
    "/schedule.json",
    dependencies=[anyone],
    response_class=JSONResponse,
    responses=problems(EditionUnknown),
)
async def read_schedule_json(schedule: PublicSchedule) -> Response:
    """The schedule in the form that frab and pretalx write, at most 5,000 sessions."""
    return JSONResponse(as_json(schedule, current_language()))


@router.get(
    "/schedule.xml",
    dependencies=[anyone],
    response_class=Response,
    responses=XML | problems(EditionUnknown),
)
async def read_schedule_xml(schedule: PublicSchedule) -> Response:
    """The schedule in the form that frab and pretalx write, as XML."""
    return Response(as_xml(schedule, current_language()), media_type="application/xml")


@router.get(
    "/schedule.html",
    dependencies=[anyone],
    response_class=Response,
    responses=HTML | problems(EditionUnknown),
)
async def read_schedule_html(schedule: PublicSchedule) -> Response:
    """The schedule as a page that needs nothing else, to be shown in a frame of another site."""
    return widget(schedule, current_language())
