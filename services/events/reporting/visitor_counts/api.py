"""Routes of visitor counts: record, read, summarise, withdraw."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllVenues
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.editions.store import Editions
from services.events.programme.venues.state import VenueUnknown
from services.events.reporting.dependencies import AllVisitorCounts
from services.events.reporting.visitor_counts.rules import (
    AlreadyWithdrawn,
    Range,
    VisitorCount,
    VisitorCountFacts,
    VisitorCountUnknown,
    ranges,
)
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.ids import new_id
from shared.mongo import Tx
from shared.roles import Role
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["visitor counts"])


class WithdrawalFacts(BaseModel):
    reason: Line


class WithdrawalView(WithdrawalFacts):
    at: datetime
    by: UUID | None = None  # for organisers


class VisitorCountView(BaseModel):
    id: UUID
    edition_id: UUID
    facts: VisitorCountFacts
    recorded_at: datetime
    recorded_by: UUID | None = None  # for organisers
    withdrawn: WithdrawalView | None

    @classmethod
    def of(cls, claim: VisitorCount, *, staff: bool) -> "VisitorCountView":
        withdrawal = claim.withdrawn
        return cls(
            id=claim.id,
            edition_id=claim.edition_id,
            facts=claim.facts,
            recorded_at=claim.recorded_at,
            recorded_by=claim.recorded_by if staff else None,
            withdrawn=withdrawal
            and WithdrawalView(
                reason=withdrawal.reason,
                at=withdrawal.at,
                by=withdrawal.by if staff else None,
            ),
        )


@router.post(
    "/editions/{edition_id}/counts",
    status_code=201,
    response_model=VisitorCountView,
    responses=problems(EditionUnknown, VenueUnknown),
)
async def record(
    edition_id: UUID,
    body: VisitorCountFacts,
    who: Organiser,
    editions: AllEditions,
    venues: AllVenues,
    counts: AllVisitorCounts,
    execute: Execute,
) -> Response:
    """Record what a source claims. It stands beside whatever others claim of the same thing."""
    await editions.get(edition_id)
    if body.venue_id is not None:
        await venues.get(body.venue_id)
    claim = VisitorCount(new_id(), edition_id, body, who.person_id, execute.now)

    async def work(tx: Tx) -> Reply:
        await counts.record(tx, claim)
        return reply(VisitorCountView.of(claim, staff=True), status=201)

    return await execute.idempotent(work)


@router.get("/editions/{edition_id}/counts", responses=problems(EditionUnknown))
async def browse(
    edition_id: UUID,
    who: MaybeSignedIn,
    editions: AllEditions,
    counts: AllVisitorCounts,
    page: Paging,
) -> Page[VisitorCountView]:
    """Every claim that was recorded of an announced edition, those withdrawn too."""
    staff = await _may_see(edition_id, who, editions)
    found, following = await counts.of_edition(edition_id, page)
    return Page(items=[VisitorCountView.of(claim, staff=staff) for claim in found], next=following)


@router.get("/editions/{edition_id}/counts/summary", responses=problems(EditionUnknown))
async def summary(
    edition_id: UUID, who: MaybeSignedIn, editions: AllEditions, counts: AllVisitorCounts
) -> list[Range]:
    """What the claims that stand say of each place: the lowest and the highest, never a sum."""
    await _may_see(edition_id, who, editions)
    return ranges(await counts.whole(edition_id))


@router.post(
    "/counts/{claim_id}/withdrawal",
    status_code=201,
    response_model=VisitorCountView,
    responses=problems(VisitorCountUnknown, AlreadyWithdrawn),
)
async def withdraw(
    claim_id: UUID,
    body: WithdrawalFacts,
    who: Organiser,
    counts: AllVisitorCounts,
    execute: Execute,
) -> Response:
    """Say that a claim no longer stands, and why. It stays to be read."""

    async def work(tx: Tx) -> Reply:
        claim = await counts.withdraw(tx, claim_id, body.reason, who.person_id, execute.now)
        return reply(VisitorCountView.of(claim, staff=True), status=201)

    return await execute.idempotent(work)


async def _may_see(edition_id: UUID, who: Principal | None, editions: Editions) -> bool:
    """True for an organiser. Others may see an announced edition; else raises `EditionUnknown`."""
    edition = await editions.get(edition_id)
    staff = who is not None and who.may(Role.ORGANISER)
    if not (edition.announced or staff):
        raise EditionUnknown
    return staff
