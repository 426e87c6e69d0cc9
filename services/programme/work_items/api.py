"""Work items, for officers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1/work-items", tags=["work items"])


class WorkItemView(Schema):
    """A work item, and how far it is."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "facts": {
                    "initiative_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                    "commitment": "Mở trung tâm thiết kế trước năm 2027",
                    "lead": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                    "co_ordinators": [],
                    "title": {"vi": "Chọn đơn vị vận hành", "en": "Choose the operator"},
                    "due_on": "2026-12-15",
                },
                "source": None,
                "status": "done",
                "revised_due_on": "2027-01-15",
                "revision_reason": "Chờ hội đồng thành phố duyệt kinh phí",
                "done_on": "2027-01-10",
                "evidence": "Quyết định 112/QĐ-UBND ngày 10/01/2027",
                "days_late": 0,
            }
        )
    )

    id: UUID
    facts: WorkItemFacts
    """What is to be done, by whom and until when."""
    source: UUID | None
    """The id of the follow-up of a forum that it was made of."""
    status: Status
    """`planned`, `under_way` or `done`."""
    revised_due_on: date | None
    """The day that counts, if another was promised since."""
    revision_reason: str | None
    """Why another day was promised."""
    done_on: date | None
    """The day on which it was done."""
    evidence: str | None
    """Where it can be seen that it is done."""
    days_late: int
    """Days past the day that counts, today by Hanoi's calendar; 0 if in time or done."""

    @classmethod
    def of(cls, item: WorkItem, today: date) -> "WorkItemView":
        return cls.model_validate(item.model_dump() | {"days_late": days_late(item, today)})


class Revision(Schema):
    """Another day, and why."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"due_on": "2027-01-15", "reason": "Chờ hội đồng thành phố duyệt kinh phí"}
        )
    )

    due_on: date
    """The day that is promised now."""
    reason: Line
    """Why the day before cannot be kept."""


class Completion(Schema):
    """It is done."""

    model_config = ConfigDict(
        json_schema_extra=example({"evidence": "Quyết định 112/QĐ-UBND ngày 10/01/2027"})
    )

    evidence: Line
    """Where it can be seen: an address, a document and its number."""


@router.get("")
async def list_work_items(
    who: Officer,
    items: AllWorkItems,
    page: Paging,
    today: Today,
    lead: Annotated[UUID | None, Query(description="Only those that this agency leads.")] = None,
    initiative_id: Annotated[
        UUID | None, Query(description="Only those of this initiative.")
    ] = None,
    late: Annotated[bool, Query(description="Only those overdue today, in Hanoi.")] = False,
) -> Page[WorkItemView]:
    """Work items by due date; with `late`, only those that are overdue today."""
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
async def create_work_item(
    body: WorkItemFacts,
    who: Officer,
    items: AllWorkItems,
    agencies: AllAgencies,
    initiatives: AllInitiatives,
    today: Today,
    execute: Execute,
) -> Response:
    """Plan a work item."""
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
async def begin_work_item(
    item_id: UUID, who: Officer, items: AllWorkItems, today: Today, execute: Execute
) -> Response:
    """Say that the work has begun."""
    return await execute(items, item_id, rules.Begin(), lambda item: WorkItemView.of(item, today))


@router.post(
    "/{item_id}/revision",
    response_model=WorkItemView,
    responses=problems(WorkItemUnknown, WorkItemDone, PreconditionFailed),
)
async def revise_work_item(
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
async def finish_work_item(
    item_id: UUID,
    body: Completion,
    who: Officer,
    items: AllWorkItems,
    today: Today,
    execute: Execute,
) -> Response:
    """Say that it is done, with the evidence."""
    command = rules.Finish(today, body.evidence)
    return await execute(items, item_id, command, lambda item: WorkItemView.of(item, today))
