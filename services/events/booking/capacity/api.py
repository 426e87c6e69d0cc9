from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from services.events.booking.dependencies import AllQuotas, TheQuotaService
from services.events.booking.quotas.errors import CodeTaken
from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllSessions
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.sessions.rules import SessionUnknown
from services.events.programme.ticket_kinds.errors import QuotaUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.http.access import anyone
from shared.http.problems import problems
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["places"])
Capacity = Annotated[int, Field(ge=0, le=100_000)]


class QuotaFacts(BaseModel):
    name: Line
    capacity: Capacity


class Size(BaseModel):
    capacity: Capacity


class QuotaView(BaseModel):
    """A pool, at this moment. More may be taken than there is, after a cut."""

    id: UUID
    name: str
    capacity: int
    taken: int
    waiting: int


class Availability(BaseModel):
    """How full it is, at this moment."""

    capacity: int
    taken: int
    waiting: int


class AccessCodeFacts(BaseModel):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,40}$")]
    kind: TicketKind
    uses: Annotated[int, Field(ge=1, le=100_000)]


class AccessCodeView(AccessCodeFacts):
    taken: int


@router.get(
    "/sessions/{session_id}/availability",
    dependencies=[anyone],
    responses=problems(SessionUnknown),
)
async def availability(session_id: UUID, sessions: AllSessions, places: AllQuotas) -> Availability:
    """A course's session is as full as the course."""
    found = await places.quota(session_id)
    if found is None and (session := await sessions.get(session_id)).of_course:
        found = await places.quota(session.activity_id)
    if found is None:
        raise SessionUnknown
    return Availability(capacity=found.capacity, taken=found.taken, waiting=found.waiting)


@router.post("/editions/{edition_id}/pools", status_code=201, responses=problems(EditionUnknown))
async def create_pool(
    edition_id: UUID,
    body: QuotaFacts,
    who: Organiser,
    editions: AllEditions,
    office: TheQuotaService,
) -> QuotaView:
    """A pool that several sessions of an edition may share: the seats of a bus, a press quota."""
    await editions.get(edition_id)
    key = await office.create(edition_id, body.name, body.capacity)
    return QuotaView(id=key, name=body.name, capacity=body.capacity, taken=0, waiting=0)


@router.get("/editions/{edition_id}/pools")
async def pools(edition_id: UUID, who: Organiser, places: AllQuotas) -> list[QuotaView]:
    found = await places.of_edition(edition_id)
    return [
        QuotaView(id=p.id, name=name, capacity=p.capacity, taken=p.taken, waiting=p.waiting)
        for name, p in found
    ]


@router.put("/pools/{pool_id}", status_code=204, responses=problems(QuotaUnknown))
async def resize_pool(pool_id: UUID, body: Size, who: Organiser, office: TheQuotaService) -> None:
    """More places go to those in line at once; with fewer, nobody loses theirs."""
    await office.resize(pool_id, body.capacity)


@router.post(
    "/sessions/{session_id}/codes",
    status_code=201,
    responses=problems(SessionUnknown, CodeTaken),
)
async def add_code(
    session_id: UUID,
    body: AccessCodeFacts,
    who: Organiser,
    sessions: AllSessions,
    office: TheQuotaService,
) -> AccessCodeView:
    """An access code for one kind of ticket, good for so many places."""
    await sessions.get(session_id)
    await office.add_code(session_id, body.code, body.kind, body.uses)
    return AccessCodeView(**body.model_dump(), taken=0)


@router.get("/sessions/{session_id}/codes")
async def codes(session_id: UUID, who: Organiser, places: AllQuotas) -> list[AccessCodeView]:
    return [
        AccessCodeView(code=code, kind=kind, uses=pool.capacity, taken=pool.taken)
        for code, kind, pool in await places.codes_of(session_id)
    ]
