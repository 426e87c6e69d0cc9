"""Routes of gates: describe them, and read them."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.events.admission.dependencies import AllGates
from services.events.admission.gates.rules import Describe, Gate, GateFacts, GateUnknown
from services.events.dependencies import GateStaff, Organiser
from services.events.programme.dependencies import AllEditions, AllSessions
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.sessions.rules import SessionUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.execute import Execute, reply
from shared.http.problems import problems
from shared.ids import new_id

router = APIRouter(prefix="/v1", tags=["gates"])


class GateView(BaseModel):
    id: UUID
    edition_id: UUID
    facts: GateFacts

    @classmethod
    def of(cls, gate: Gate) -> "GateView":
        return cls.model_validate(gate, from_attributes=True)


@router.post(
    "/editions/{edition_id}/gates",
    status_code=201,
    response_model=GateView,
    responses=problems(EditionUnknown, SessionUnknown),
)
async def describe(
    edition_id: UUID,
    body: GateFacts,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    gates: AllGates,
    execute: Execute,
) -> Response:
    """A gate, for one session or many (a venue's front door)."""
    await editions.get(edition_id)
    for session_id in body.sessions:
        await sessions.get(session_id)
    key = new_id()
    return await execute(gates, key, Describe(key, edition_id, body), GateView.of, status=201)


@router.put(
    "/gates/{gate_id}",
    response_model=GateView,
    responses=problems(GateUnknown, SessionUnknown, PreconditionFailed, PreconditionRequired),
)
async def correct(
    gate_id: UUID,
    body: GateFacts,
    who: Organiser,
    sessions: AllSessions,
    gates: AllGates,
    execute: Execute,
) -> Response:
    """Other rules from now on; scans that are in already keep what they were worth."""
    known = await gates.get(gate_id)
    for session_id in body.sessions:
        await sessions.get(session_id)
    command = Describe(gate_id, known.edition_id, body)
    return await execute(gates, gate_id, command, GateView.of, must_match=True)


@router.get("/editions/{edition_id}/gates")
async def browse(edition_id: UUID, who: GateStaff, gates: AllGates) -> list[GateView]:
    return [GateView.of(gate) for gate in await gates.of_edition(edition_id)]


@router.get("/gates/{gate_id}", response_model=GateView, responses=problems(GateUnknown))
async def read(gate_id: UUID, who: GateStaff, gates: AllGates) -> Response:
    gate = await gates.get(gate_id)
    return reply(GateView.of(gate), version=gate.version).response()
