"""Quotas: how full sessions are, seats that sessions share, access codes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints

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
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["quotas"])
Capacity = Annotated[int, Field(ge=0, le=100_000)]


class QuotaFacts(Schema):
    """Seats that several sessions share."""

    model_config = ConfigDict(
        json_schema_extra=example({"name": "Xe buýt Bát Tràng", "capacity": 45})
    )

    name: Line
    """Its name, for organisers."""
    capacity: Capacity
    """How many seats there are, over all sessions."""


class Size(Schema):
    """A quota's new size."""

    model_config = ConfigDict(json_schema_extra=example({"capacity": 60}))

    capacity: Capacity
    """How many seats there are from now on, over all sessions."""


class QuotaView(Schema):
    """A quota, at this moment."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "name": "Xe buýt Bát Tràng",
                "capacity": 45,
                "taken": 12,
                "waiting": 0,
            }
        )
    )

    id: UUID
    name: str
    """Its name, for organisers."""
    capacity: int
    """How many seats there are, over all sessions."""
    taken: int
    """How many are taken; after a cut this may be more than there are."""
    waiting: int
    """How many people are on the waiting lists."""


class Availability(Schema):
    """How full a session is, at this moment."""

    model_config = ConfigDict(
        json_schema_extra=example({"capacity": 30, "taken": 30, "waiting": 4})
    )

    capacity: int
    """How many seats there are."""
    taken: int
    """How many are taken, held or offered."""
    waiting: int
    """How many people are on the waiting list."""


class AccessCodeFacts(Schema):
    """A code with which people take seats of one kind."""

    model_config = ConfigDict(
        json_schema_extra=example({"code": "BAOCHI-2026", "kind": "press", "uses": 20})
    )

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,40}$")]
    """What people type: capital letters, digits and hyphens."""
    kind: TicketKind
    """The kind of ticket that it opens."""
    uses: Annotated[int, Field(ge=1, le=100_000)]
    """For how many seats it is good."""


class AccessCodeView(AccessCodeFacts):
    """An access code, at this moment."""

    model_config = ConfigDict(
        json_schema_extra=example({"code": "BAOCHI-2026", "kind": "press", "uses": 20, "taken": 3})
    )

    taken: int
    """How many seats were taken with it."""


@router.get(
    "/sessions/{session_id}/availability",
    dependencies=[anyone],
    responses=problems(SessionUnknown),
)
async def read_availability_of_session(
    session_id: UUID, sessions: AllSessions, places: AllQuotas
) -> Availability:
    """How full a session is. A course's session is as full as the course."""
    found = await places.quota(session_id)
    if found is None and (session := await sessions.get(session_id)).of_course:
        found = await places.quota(session.activity_id)
    if found is None:
        raise SessionUnknown
    return Availability(capacity=found.capacity, taken=found.taken, waiting=found.waiting)


@router.post("/editions/{edition_id}/pools", status_code=201, responses=problems(EditionUnknown))
async def create_quota(
    edition_id: UUID,
    body: QuotaFacts,
    who: Organiser,
    editions: AllEditions,
    office: TheQuotaService,
) -> QuotaView:
    """Create a quota that several sessions of an edition may share.

    For example the seats of a bus, or those for the press.
    """
    await editions.get(edition_id)
    key = await office.create(edition_id, body.name, body.capacity)
    return QuotaView(id=key, name=body.name, capacity=body.capacity, taken=0, waiting=0)


@router.get("/editions/{edition_id}/pools")
async def list_quotas(edition_id: UUID, who: Organiser, places: AllQuotas) -> list[QuotaView]:
    """The quotas of an edition, and how full they are."""
    found = await places.of_edition(edition_id)
    return [
        QuotaView(id=p.id, name=name, capacity=p.capacity, taken=p.taken, waiting=p.waiting)
        for name, p in found
    ]


@router.put("/pools/{pool_id}", status_code=204, responses=problems(QuotaUnknown))
async def resize_quota(pool_id: UUID, body: Size, who: Organiser, office: TheQuotaService) -> None:
    """Change the size of a quota.

    More seats go to those on the waiting lists at once. With fewer, nobody loses a seat.
    """
    await office.resize(pool_id, body.capacity)


@router.post(
    "/sessions/{session_id}/codes",
    status_code=201,
    responses=problems(SessionUnknown, CodeTaken),
)
async def create_access_code(
    session_id: UUID,
    body: AccessCodeFacts,
    who: Organiser,
    sessions: AllSessions,
    office: TheQuotaService,
) -> AccessCodeView:
    """Create an access code for one kind of ticket, good for so many seats."""
    await sessions.get(session_id)
    await office.add_code(session_id, body.code, body.kind, body.uses)
    return AccessCodeView(**body.model_dump(), taken=0)


@router.get("/sessions/{session_id}/codes")
async def list_access_codes(
    session_id: UUID, who: Organiser, places: AllQuotas
) -> list[AccessCodeView]:
    """The access codes of a session, and how often they were used."""
    return [
        AccessCodeView(code=code, kind=kind, uses=pool.capacity, taken=pool.taken)
        for code, kind, pool in await places.codes_of(session_id)
    ]
