"""Work items: who does what for an initiative until when, and which of them are late.

Each has exactly one lead and any number of co-ordinators, and the words of the dossier that it
fulfils. The first promised date stays; a later date is stored beside it, as a revision.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.aggregates import Aggregate, Decision
from shared.clock import Day
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example
from shared.text import Line, Localized


class WorkItemUnknown(NotFound):
    code = "work_item.unknown"
    vi = "Không tìm thấy đầu việc này."
    en = "There is no such work item."


class WorkItemDone(Conflict):
    code = "work_item.done"
    vi = "Đầu việc này đã hoàn thành."
    en = "This work item is done."


class Status(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"


class Assignment(Schema):
    """Who does it, and which commitment of the dossier it fulfils."""

    model_config = ConfigDict(frozen=True)

    initiative_id: UUID
    """The initiative that it is for."""
    commitment: Line
    """The sentence of the dossier that it answers."""
    lead: UUID
    """The id of the one agency that leads it."""
    co_ordinators: Annotated[tuple[UUID, ...], Field(max_length=30)] = ()
    """Ids of agencies that work on it beside the lead."""

    @model_validator(mode="after")
    def _one_lead(self) -> Self:
        if self.lead in self.co_ordinators:
            raise ValueError("the lead is named among the co-ordinators")
        return self


class WorkItemFacts(Assignment):
    """What is to be done, by whom and until when."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "initiative_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "commitment": "Mở trung tâm thiết kế trước năm 2027",
                "lead": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "co_ordinators": [],
                "title": {"vi": "Chọn đơn vị vận hành", "en": "Choose the operator"},
                "due_on": "2026-12-15",
            }
        )
    )

    title: Localized
    """What is to be done."""
    due_on: Day
    """The day that was promised first; a later one is a revision."""


class WorkItem(Aggregate):
    facts: WorkItemFacts
    source: UUID | None = None  # the follow-up from which it was made
    status: Status = Status.PLANNED
    revised_due_on: Day | None = None
    revision_reason: str | None = None
    done_on: Day | None = None
    evidence: str | None = None
    changed_at: datetime

    @property
    def due(self) -> date:
        """The date by which it is due now."""
        return self.revised_due_on or self.facts.due_on


@dataclass(frozen=True, slots=True)
class Plan:
    item_id: UUID
    facts: WorkItemFacts
    source: UUID | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    pass


@dataclass(frozen=True, slots=True)
class Revise:
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    on: date
    evidence: str


Command = Plan | Begin | Revise | Finish


def decide(item: WorkItem | None, command: Command, now: datetime) -> Decision[WorkItem]:
    if isinstance(command, Plan):
        if item is not None:
            raise Conflict
        planned = WorkItem(
            id=command.item_id, facts=command.facts, source=command.source, changed_at=now
        )
        return Decision(planned)
    if item is None:
        raise WorkItemUnknown
    if item.status is Status.DONE:
        raise WorkItemDone
    match command:
        case Begin():
            return Decision(item.changed(status=Status.UNDER_WAY, changed_at=now))
        case Revise():
            revised = item.changed(
                revised_due_on=command.due_on, revision_reason=command.reason, changed_at=now
            )
            return Decision(revised)
        case Finish():
            finished = item.changed(
                status=Status.DONE,
                done_on=command.on,
                evidence=command.evidence,
                changed_at=now,
            )
            return Decision(finished)
        case _:
            assert_never(command)


def days_late(item: WorkItem, today: date) -> int:
    """Days since it was due; 0 if it is not late, or done."""
    if item.status is Status.DONE:
        return 0
    return max(0, (today - item.due).days)
