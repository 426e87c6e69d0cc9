"""Agencies: a public list, and the changes of officers."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.programme.agencies.rules import (
    Agency,
    AgencyFacts,
    AgencySlugTaken,
    AgencyUnknown,
    Describe,
)
from services.programme.dependencies import AllAgencies, Officer
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import anyone
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.ids import new_id
from shared.schema import Schema

router = APIRouter(prefix="/v1/agencies", tags=["agencies"])


class AgencyView(Schema):
    """An agency that leads or co-ordinates work."""

    id: UUID
    facts: AgencyFacts
    """What is known of it."""

    @classmethod
    def of(cls, agency: Agency) -> "AgencyView":
        return cls.model_validate(agency, from_attributes=True)


@router.get("", dependencies=[anyone])
async def list_agencies(agencies: AllAgencies) -> list[AgencyView]:
    """All agencies, by slug."""
    return [AgencyView.of(agency) for agency in await agencies.all()]


@router.get(
    "/{agency_id}",
    dependencies=[anyone],
    response_model=AgencyView,
    responses=problems(AgencyUnknown),
)
async def read_agency(agency_id: UUID, agencies: AllAgencies) -> Response:
    """One agency, with the ETag that updating it asks for."""
    agency = await agencies.get(agency_id)
    return reply(AgencyView.of(agency), version=agency.version).response()


@router.post("", status_code=201, response_model=AgencyView, responses=problems(AgencySlugTaken))
async def create_agency(
    body: AgencyFacts, who: Officer, agencies: AllAgencies, execute: Execute
) -> Response:
    """Enter an agency."""
    key = new_id()
    return await execute(agencies, key, Describe(key, body), AgencyView.of, status=201)


@router.put(
    "/{agency_id}",
    response_model=AgencyView,
    responses=problems(AgencyUnknown, AgencySlugTaken, PreconditionFailed, PreconditionRequired),
)
async def update_agency(
    agency_id: UUID, body: AgencyFacts, who: Officer, agencies: AllAgencies, execute: Execute
) -> Response:
    """Replace what is known of an agency."""
    await agencies.get(agency_id)
    return await execute(
        agencies, agency_id, Describe(agency_id, body), AgencyView.of, must_match=True
    )
