"""A work item, as rules: planned, begun, put off, done; and when it is late."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.programme.agencies import rules as agencies
from services.programme.initiatives import rules as initiatives
from services.programme.work_items.rules import (
    Begin,
    Finish,
    Plan,
    Revise,
    Status,
    WorkItem,
    WorkItemDone,
    WorkItemFacts,
    WorkItemUnknown,
    days_late,
    decide,
)
from shared.errors import Conflict
from shared.ids import new_id
from shared.testing.scenarios import given

ITEM, LEAD, PARTNER = new_id(), new_id(), new_id()
DUE = date(2027, 6, 30)
DAY = timedelta(days=1)
DRAFT: dict[str, Any] = {
    "initiative_id": new_id(),
    "title": {"vi": "Mở giai đoạn một"},
    "commitment": "Thành lập Trung tâm thiết kế sáng tạo",
    "lead": LEAD,
    "co_ordinators": [PARTNER],
    "due_on": DUE,
}
FACTS = WorkItemFacts.model_validate(DRAFT)
PLAN = Plan(ITEM, FACTS)
LATER = Revise(DUE + 30 * DAY, "Chờ mặt bằng")
FINISH = Finish(DUE + 3 * DAY, "Biên bản nghiệm thu số 12")


def after(*history: object) -> WorkItem:
    state = given(decide, *history).state
    assert state is not None
    return state


def test_a_work_item_is_planned_begun_and_done() -> None:
    assert given(decide).when(PLAN).then().status is Status.PLANNED
    assert given(decide, PLAN).when(Begin()).then().status is Status.UNDER_WAY
    done = given(decide, PLAN, Begin()).when(FINISH).then()
    assert (done.status, done.done_on, done.evidence) == (
        Status.DONE,
        DUE + 3 * DAY,
        "Biên bản nghiệm thu số 12",
    )


def test_what_was_never_begun_may_be_done() -> None:
    assert given(decide, PLAN).when(FINISH).then().status is Status.DONE


def test_a_revision_moves_the_date_that_counts_and_keeps_the_first() -> None:
    item = given(decide, PLAN).when(LATER).then()
    assert (item.due, item.facts.due_on) == (DUE + 30 * DAY, DUE)
    assert item.revision_reason == "Chờ mặt bằng"
    again = given(decide, PLAN, LATER).when(Revise(DUE + 60 * DAY, "Chờ thẩm định")).then()
    assert (again.due, again.facts.due_on) == (DUE + 60 * DAY, DUE)
    assert again.revision_reason == "Chờ thẩm định"


def test_a_date_may_be_brought_forward_too() -> None:
    item = given(decide, PLAN).when(Revise(DUE - 30 * DAY, "Xong sớm")).then()
    assert days_late(item, DUE - 29 * DAY) == 1


@pytest.mark.parametrize(
    ("today", "late"), [(-1, 0), (0, 0), (1, 1), (45, 45)], ids=["before", "on", "after", "long"]
)
def test_an_item_is_late_from_the_day_after_its_date(today: int, late: int) -> None:
    for history in ((PLAN,), (PLAN, Begin())):
        assert days_late(after(*history), DUE + today * DAY) == late


def test_an_item_that_was_put_off_is_late_by_its_later_date() -> None:
    item = after(PLAN, LATER)
    assert days_late(item, DUE + 30 * DAY) == 0
    assert days_late(item, DUE + 31 * DAY) == 1


def test_what_is_done_is_never_late() -> None:
    assert days_late(after(PLAN, FINISH), DUE + 1_000 * DAY) == 0
    assert days_late(after(PLAN, LATER, Begin(), FINISH), DUE + 1_000 * DAY) == 0


@pytest.mark.parametrize("command", [Begin(), LATER, FINISH], ids=repr)
def test_what_is_done_stays_done(command: object) -> None:
    given(decide, PLAN, FINISH).when(command).then_refused(WorkItemDone)


@pytest.mark.parametrize("command", [Begin(), LATER, FINISH], ids=repr)
def test_what_was_never_planned_is_unknown(command: object) -> None:
    given(decide).when(command).then_refused(WorkItemUnknown)


def test_an_item_is_planned_once() -> None:
    given(decide, PLAN).when(PLAN).then_refused(Conflict)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"co_ordinators": [PARTNER, LEAD]}, id="the lead co-ordinates, too"),
        pytest.param({"co_ordinators": [new_id() for _ in range(31)]}, id="31 co-ordinators"),
        {"lead": None},
        {"title": {"vi": ""}},
        {"commitment": ""},
        {"due_on": "30/06/2027"},
        {"due_on": "2027-02-30"},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_facts_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    WorkItemFacts.model_validate(DRAFT)
    with pytest.raises(ValidationError):
        WorkItemFacts.model_validate(DRAFT | changes)


@pytest.mark.parametrize(
    ("rules", "facts", "other"),
    [
        (
            agencies,
            agencies.AgencyFacts(slug="so-van-hoa", name={"vi": "Sở Văn hóa"}, kind="city"),
            {"kind": agencies.AgencyKind.NATIONAL},
        ),
        (
            initiatives,
            initiatives.InitiativeFacts(
                slug="le-hoi", name={"vi": "Lễ hội"}, scope="local", sdgs=[11]
            ),
            {"sdgs": (11, 4)},
        ),
    ],
    ids=["agency", "initiative"],
)
def test_agencies_and_initiatives_are_described_and_corrected(
    rules: Any, facts: Any, other: dict[str, Any]
) -> None:
    key = new_id()
    first = rules.Describe(key, facts)
    described = given(rules.decide).when(first).then()
    assert (described.facts, described.slug) == (facts, facts.slug)
    given(rules.decide, first).when(first).then()
    corrected = facts.model_copy(update=other | {"slug": "khac"})
    after_it = given(rules.decide, first).when(rules.Describe(key, corrected)).then()
    assert (after_it.id, after_it.facts, after_it.slug) == (key, corrected, "khac")


@pytest.mark.parametrize("sdgs", [[0], [18], [11] * 18, ["mười một"]], ids=str)
def test_there_are_seventeen_goals(sdgs: list[Any]) -> None:
    good = {"slug": "le-hoi", "name": {"vi": "Lễ hội"}, "scope": "local", "sdgs": [1, 17]}
    initiatives.InitiativeFacts.model_validate(good)
    with pytest.raises(ValidationError):
        initiatives.InitiativeFacts.model_validate(good | {"sdgs": sdgs})
