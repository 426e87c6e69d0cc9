"""Gates: the entrances, and which tickets they take when."""

from uuid import UUID

from fastapi import APIRouter
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
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["gates"])


class GateView(Schema):
    """A gate: one entrance, at which tickets are scanned."""

    id: UUID
    edition_id: UUID
    facts: GateFacts
    """What organisers say of it."""

    @classmethod
    def of(cls, gate: Gate) -> "GateView":
        return cls.model_validate(gate, from_attributes=True)


@router.post(
    "/editions/{edition_id}/gates",
    status_code=201,
    response_model=GateView,
    responses=problems(EditionUnknown, SessionUnknown),
)
async def create_gate(
    edition_id: UUID,
    body: GateFacts,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    gates: AllGates,
    execute: Execute,
) -> Response:
    """Create a gate, for one session or many (a venue's front door)."""
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
async def update_gate(
    gate_id: UUID,
    body: GateFacts,
    who: Organiser,
    sessions: AllSessions,
    gates: AllGates,
    execute: Execute,
) -> Response:
    """Replace the rules of a gate. Scans that are already in keep what they were worth."""
    known = await gates.get(gate_id)
    for session_id in body.sessions:
        await sessions.get(session_id)
    command = Describe(gate_id, known.edition_id, body)
    return await execute(gates, gate_id, command, GateView.of, must_match=True)


@router.get("/editions/{edition_id}/gates")
async def list_gates(edition_id: UUID, who: GateStaff, gates: AllGates) -> list[GateView]:
    """The gates of an edition."""
    return [GateView.of(gate) for gate in await gates.of_edition(edition_id)]


@router.get("/gates/{gate_id}", response_model=GateView, responses=problems(GateUnknown))
async def read_gate(gate_id: UUID, who: GateStaff, gates: AllGates) -> Response:
    """A gate."""
    gate = await gates.get(gate_id)
    return reply(GateView.of(gate), version=gate.version).response()
