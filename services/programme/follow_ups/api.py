"""Follow-ups of forums, for officers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict
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
from shared.schema import example

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

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "initiative_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "commitment": "Mỗi năm một diễn đàn về làng nghề",
                "lead": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "co_ordinators": [],
                "due_on": "2027-03-31",
            }
        )
    )

    due_on: Day | None = None
    """The day that is promised; if it is missing, the day that the forum said."""


@router.get("")
async def list_follow_ups(
    who: Officer,
    follow_ups: AllFollowUps,
    page: Paging,
    adopted: Annotated[
        bool | None, Query(description="Only those made a work item, or only those not.")
    ] = None,
) -> Page[FollowUp]:
    """What forums asked somebody to do, by date."""
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
async def adopt_follow_up(
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
    """Make a work item of a follow-up, under one lead.

    This is possible once: a second officer is told that it is done.
    """
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
