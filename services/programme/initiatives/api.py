"""Initiatives: a public list, and the changes of officers."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.programme.dependencies import AllInitiatives, Officer
from services.programme.initiatives.rules import (
    Describe,
    Initiative,
    InitiativeFacts,
    InitiativeSlugTaken,
    InitiativeUnknown,
)
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import anyone
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.ids import new_id
from shared.schema import Schema

router = APIRouter(prefix="/v1/initiatives", tags=["initiatives"])


class InitiativeView(Schema):
    """An initiative of the city's dossier."""

    id: UUID
    facts: InitiativeFacts
    """What is known of it."""

    @classmethod
    def of(cls, initiative: Initiative) -> "InitiativeView":
        return cls.model_validate(initiative, from_attributes=True)


@router.get("", dependencies=[anyone])
async def list_initiatives(initiatives: AllInitiatives) -> list[InitiativeView]:
    """All initiatives: the local ones first, then by slug."""
    return [InitiativeView.of(initiative) for initiative in await initiatives.all()]


@router.get(
    "/{initiative_id}",
    dependencies=[anyone],
    response_model=InitiativeView,
    responses=problems(InitiativeUnknown),
)
async def read_initiative(initiative_id: UUID, initiatives: AllInitiatives) -> Response:
    """One initiative, with the ETag that updating it asks for."""
    initiative = await initiatives.get(initiative_id)
    return reply(InitiativeView.of(initiative), version=initiative.version).response()


@router.post(
    "", status_code=201, response_model=InitiativeView, responses=problems(InitiativeSlugTaken)
)
async def create_initiative(
    body: InitiativeFacts, who: Officer, initiatives: AllInitiatives, execute: Execute
) -> Response:
    """Enter an initiative."""
    key = new_id()
    return await execute(initiatives, key, Describe(key, body), InitiativeView.of, status=201)


@router.put(
    "/{initiative_id}",
    response_model=InitiativeView,
    responses=problems(
        InitiativeUnknown, InitiativeSlugTaken, PreconditionFailed, PreconditionRequired
    ),
)
async def update_initiative(
    initiative_id: UUID,
    body: InitiativeFacts,
    who: Officer,
    initiatives: AllInitiatives,
    execute: Execute,
) -> Response:
    """Replace what is known of an initiative."""
    await initiatives.get(initiative_id)
    command = Describe(initiative_id, body)
    return await execute(initiatives, initiative_id, command, InitiativeView.of, must_match=True)
