"""Follow-ups of forums, for officers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.programme.agencies.rules import AgencyUnknown
from services.programme.dependencies import (
    AllAgencies,
    AllFollowUps,
    AllInitiatives,
    AllWorkItems,
    Officer,
    Today,
)
from services.programme.follow_ups.store import (
    FollowUp,
    FollowUpAdopted,
    FollowUpUnknown,
)
from services.programme.initiatives.rules import InitiativeUnknown
from services.programme.work_items.api import WorkItemView
from services.programme.work_items.rules import Assignment, Plan, WorkItemFacts
from shared.clock import Day
from shared.errors import FieldError, InvalidInput
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.mongo import Tx

router = APIRouter(prefix="/v1/follow-ups", tags=["follow-ups"])

NO_DATE = FieldError(
    "body",
    "/due_on",
    "missing",
    "Diễn đàn chưa đặt thời hạn; hãy đặt thời hạn ở đây.",
    "The forum set no date; set one here.",
)


class Adoption(Assignment):
    """What a work item needs beside what the forum said."""

    due_on: Day | None = None  # as the forum said, if unsaid


@router.get("")
async def browse(
    who: Officer,
    follow_ups: AllFollowUps,
    page: Paging,
    adopted: Annotated[bool | None, Query()] = None,
) -> Page[FollowUp]:
    """What forums asked somebody to do, by date; with `adopted`, those (not) made a work item."""
    found, following = await follow_ups.browse(page, adopted=adopted)
    return Page(items=found, next=following)


@router.post(
    "/{follow_up_id}/adoption",
    status_code=201,
    response_model=WorkItemView,
    responses=problems(
        FollowUpUnknown, FollowUpAdopted, AgencyUnknown, InitiativeUnknown, InvalidInput
    ),
)
async def adopt(
    follow_up_id: UUID,
    body: Adoption,
    who: Officer,
    follow_ups: AllFollowUps,
    items: AllWorkItems,
    agencies: AllAgencies,
    initiatives: AllInitiatives,
    today: Today,
    execute: Execute,
) -> Response:
    """Make a work item of it, under one lead. Once: a second officer is told that it is done."""
    await initiatives.get(body.initiative_id)
    await agencies.must_exist([body.lead, *body.co_ordinators])
    key = new_id()

    async def work(tx: Tx) -> Reply:
        source = await follow_ups.adopt(tx, follow_up_id, key)
        due_on = body.due_on or source.due_on
        if due_on is None:
            raise InvalidInput(NO_DATE)
        facts = WorkItemFacts(
            initiative_id=body.initiative_id,
            title=source.title,
            commitment=body.commitment,
            lead=body.lead,
            co_ordinators=body.co_ordinators,
            due_on=due_on,
        )
        item = await items.perform(tx, key, Plan(key, facts, source=follow_up_id), execute.now)
        return reply(WorkItemView.of(item, today), status=201, version=item.version)

    return await execute.idempotent(work)
