"""Visitor counts: how many visitors which source claims."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1", tags=["visitor counts"])


class WithdrawalFacts(Schema):
    """Why a count no longer stands."""

    model_config = ConfigDict(json_schema_extra=example({"reason": "Đếm trùng khách của hai cổng"}))

    reason: Line
    """Why; everybody reads it."""


class WithdrawalView(WithdrawalFacts):
    """That a count no longer stands."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"reason": "Đếm trùng khách của hai cổng", "at": "2026-11-25T02:00:00Z", "by": None}
        )
    )

    at: datetime
    """Since when: RFC 3339, in UTC."""
    by: UUID | None = None
    """Who withdrew it; for organisers only."""


class VisitorCountView(Schema):
    """How many visitors a source claims."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "edition_id": "0199f3a2-1f20-7a11-8b3c-4d5e6f708192",
                "facts": {
                    "value": 230000,
                    "measure": "visits",
                    "venue_id": None,
                    "place": None,
                    "method": "estimate",
                    "source": {
                        "name": "Ban tổ chức",
                        "reference": "Báo cáo số 45/BC-SVHTT ngày 20/11/2026",
                    },
                    "first_day": "2026-11-06",
                    "last_day": "2026-11-15",
                },
                "recorded_at": "2026-11-20T09:00:00Z",
                "recorded_by": None,
                "withdrawn": None,
            }
        )
    )

    id: UUID
    edition_id: UUID
    facts: VisitorCountFacts
    """What is claimed."""
    recorded_at: datetime
    """When it was recorded: RFC 3339, in UTC."""
    recorded_by: UUID | None = None
    """Who recorded it; for organisers only."""
    withdrawn: WithdrawalView | None
    """Since when and why it no longer stands; null: it does."""

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
async def record_visitor_count(
    edition_id: UUID,
    body: VisitorCountFacts,
    who: Organiser,
    editions: AllEditions,
    venues: AllVenues,
    counts: AllVisitorCounts,
    execute: Execute,
) -> Response:
    """Record what a source claims. It stands beside what others claim of the same thing."""
    await editions.get(edition_id)
    if body.venue_id is not None:
        await venues.get(body.venue_id)
    claim = VisitorCount(new_id(), edition_id, body, who.person_id, execute.now)

    async def work(tx: Tx) -> Reply:
        await counts.record(tx, claim)
        return reply(VisitorCountView.of(claim, staff=True), status=201)

    return await execute.idempotent(work)


@router.get("/editions/{edition_id}/counts", responses=problems(EditionUnknown))
async def list_visitor_counts(
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
async def summarise_visitor_counts(
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
async def withdraw_visitor_count(
    claim_id: UUID,
    body: WithdrawalFacts,
    who: Organiser,
    counts: AllVisitorCounts,
    execute: Execute,
) -> Response:
    """Say that a claim no longer stands, and why. It can still be read."""

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
