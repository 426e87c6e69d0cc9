"""Work items, for officers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.programme.agencies.rules import AgencyUnknown
from services.programme.dependencies import (
    AllAgencies,
    AllInitiatives,
    AllWorkItems,
    Officer,
    Today,
)
from services.programme.initiatives.rules import InitiativeUnknown
from services.programme.work_items import rules
from services.programme.work_items.rules import (
    Status,
    WorkItem,
    WorkItemDone,
    WorkItemFacts,
    WorkItemUnknown,
    days_late,
)
from shared.errors import PreconditionFailed
from shared.http.execute import Execute
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.text import Line

router = APIRouter(prefix="/v1/work-items", tags=["work items"])


class WorkItemView(BaseModel):
    id: UUID
    facts: WorkItemFacts
    source: UUID | None  # the follow-up of a forum that it was made of
    status: Status
    revised_due_on: date | None
    revision_reason: str | None
    done_on: date | None
    evidence: str | None
    days_late: int  # today, by Hanoi's calendar

    @classmethod
    def of(cls, item: WorkItem, today: date) -> "WorkItemView":
        return cls.model_validate(item.model_dump() | {"days_late": days_late(item, today)})


class Revision(BaseModel):
    due_on: date
    reason: Line


class Completion(BaseModel):
    evidence: Line  # where it can be seen


@router.get("")
async def browse(
    who: Officer,
    items: AllWorkItems,
    page: Paging,
    today: Today,
    lead: Annotated[UUID | None, Query()] = None,
    initiative_id: Annotated[UUID | None, Query()] = None,
    late: Annotated[bool, Query()] = False,
) -> Page[WorkItemView]:
    """Work items by due date; with `late` only those overdue today."""
    found, following = await items.find_by(
        page, lead=lead, initiative_id=initiative_id, late_on=today if late else None
    )
    return Page(items=[WorkItemView.of(item, today) for item in found], next=following)


@router.post(
    "",
    status_code=201,
    response_model=WorkItemView,
    responses=problems(AgencyUnknown, InitiativeUnknown),
)
async def plan(
    body: WorkItemFacts,
    who: Officer,
    items: AllWorkItems,
    agencies: AllAgencies,
    initiatives: AllInitiatives,
    today: Today,
    execute: Execute,
) -> Response:
    await initiatives.get(body.initiative_id)
    await agencies.must_exist([body.lead, *body.co_ordinators])
    key = new_id()
    command = rules.Plan(key, body)
    return await execute(items, key, command, lambda item: WorkItemView.of(item, today), status=201)


@router.post(
    "/{item_id}/beginning",
    response_model=WorkItemView,
    responses=problems(WorkItemUnknown, WorkItemDone),
)
async def begin(
    item_id: UUID, who: Officer, items: AllWorkItems, today: Today, execute: Execute
) -> Response:
    return await execute(items, item_id, rules.Begin(), lambda item: WorkItemView.of(item, today))


@router.post(
    "/{item_id}/revision",
    response_model=WorkItemView,
    responses=problems(WorkItemUnknown, WorkItemDone, PreconditionFailed),
)
async def revise(
    item_id: UUID, body: Revision, who: Officer, items: AllWorkItems, today: Today, execute: Execute
) -> Response:
    """Promise another date, and say why. The first one stays on record."""
    command = rules.Revise(body.due_on, body.reason)
    return await execute(items, item_id, command, lambda item: WorkItemView.of(item, today))


@router.post(
    "/{item_id}/completion",
    response_model=WorkItemView,
    responses=problems(WorkItemUnknown, WorkItemDone),
)
async def finish(
    item_id: UUID,
    body: Completion,
    who: Officer,
    items: AllWorkItems,
    today: Today,
    execute: Execute,
) -> Response:
    """Done, with the evidence for it."""
    command = rules.Finish(today, body.evidence)
    return await execute(items, item_id, command, lambda item: WorkItemView.of(item, today))
