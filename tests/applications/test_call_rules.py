"""A call, as rules: written, opened and frozen, closed after its deadline, decided."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from services.applications.calls.rules import (
    Call,
    CallFacts,
    CallNotOpen,
    CallStatus,
    CallUnknown,
    Close,
    DeadlineAhead,
    Decide,
    NotJudging,
    Open,
    Outcome,
    RulesFrozen,
    WriteCall,
    decide,
    takes_entries,
)
from shared.clock import HANOI
from shared.contracts.applications import CallOpened
from shared.ids import new_id
from shared.testing.scenarios import NOON, given

CALL = new_id()
DEADLINE = NOON + timedelta(days=30)
DRAFT: dict[str, Any] = {
    "title": {"vi": "Thiết kế không gian sáng tạo"},
    "form": {"type": "object", "required": ["title"], "minProperties": 1},
    "criteria": [{"key": "idea", "label": {"vi": "Ý tưởng"}, "weight": 2}],
    "jurors": [new_id(), new_id()],
    "opens_at": NOON,
    "closes_at": DEADLINE,
}
FACTS = CallFacts.model_validate(DRAFT)
OTHERS = FACTS.model_copy(update={"about": "Thể lệ đã sửa"})
WRITE, REWRITE = WriteCall(CALL, FACTS), WriteCall(CALL, OTHERS)
VERDICT = Decide((Outcome(code="ABCDEF", score=80, awarded=True),), "Rất tốt")


def opened(facts: CallFacts = FACTS) -> Call:
    state = given(decide, WriteCall(CALL, facts), Open()).state
    assert state is not None
    return state


def test_a_draft_may_be_rewritten_and_tells_nobody() -> None:
    call = given(decide, WRITE).when(REWRITE).then()
    assert (call.status, call.facts, call.rules_hash) == (CallStatus.DRAFT, OTHERS, None)


def test_opening_tells_the_deadline_and_the_hash_of_the_rules() -> None:
    told = CallOpened(
        call_id=CALL,
        title=FACTS.title,
        closes_at=DEADLINE,
        rules_hash=opened().rules_hash or "",
    )
    call = given(decide, WRITE).when(Open()).then(told)
    assert call.status is CallStatus.OPEN
    assert len(told.rules_hash) == 64


@pytest.mark.parametrize(
    "after", [(Open(),), (Open(), Close()), (Open(), Close(), VERDICT)], ids=len
)
def test_once_open_the_rules_are_frozen(after: tuple[object, ...]) -> None:
    frozen = given(decide, WRITE, *after, at=DEADLINE)
    frozen.when(REWRITE).then_refused(RulesFrozen)
    frozen.when(WRITE).then_refused(RulesFrozen)
    frozen.when(Open()).then_refused(RulesFrozen)


def test_the_hash_is_the_same_however_the_same_rules_are_written() -> None:
    turned = dict(reversed(DRAFT["form"].items()))
    assert list(turned) != list(DRAFT["form"])
    same = CallFacts.model_validate(dict(reversed((DRAFT | {"form": turned}).items())))
    assert opened(same).rules_hash == opened().rules_hash


@pytest.mark.parametrize("zone", [HANOI, timezone(timedelta(hours=-5))], ids=str)
def test_the_hash_does_not_depend_on_the_zone_the_moments_were_given_in(zone: Any) -> None:
    elsewhere = CallFacts.model_validate(
        DRAFT | {"opens_at": NOON.astimezone(zone), "closes_at": DEADLINE.astimezone(zone)}
    )
    assert opened(elsewhere).rules_hash == opened().rules_hash


@pytest.mark.parametrize(
    "changes",
    [
        {"about": "khác"},
        {"form": {"type": "object"}},
        {"closes_at": DEADLINE + timedelta(milliseconds=1)},
        {"criteria": [{"key": "idea", "label": {"vi": "Ý tưởng"}, "weight": 3}]},
        {"jurors": list(reversed(DRAFT["jurors"]))},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_any_other_rule_has_another_hash(changes: dict[str, Any]) -> None:
    assert opened(CallFacts.model_validate(DRAFT | changes)).rules_hash != opened().rules_hash


def test_a_call_closes_at_its_deadline_and_not_a_moment_before() -> None:
    story = given(decide, WRITE, Open())
    early = story.when(Close(), at=DEADLINE - timedelta(milliseconds=1)).then_refused(DeadlineAhead)
    assert early.parameters == {"closes_at": DEADLINE}
    assert story.when(Close(), at=DEADLINE).then().status is CallStatus.JUDGING


def test_only_an_open_call_closes() -> None:
    given(decide, WRITE, at=DEADLINE).when(Close()).then_refused(CallNotOpen)
    given(decide, WRITE, Open(), Close(), at=DEADLINE).when(Close()).then_refused(CallNotOpen)


def test_the_decision_is_made_once_and_only_while_judging() -> None:
    for history in ((), (Open(),), (Open(), Close(), VERDICT)):
        given(decide, WRITE, *history, at=DEADLINE).when(VERDICT).then_refused(NotJudging)
    call = given(decide, WRITE, Open(), Close(), at=DEADLINE).when(VERDICT).then()
    assert (call.status, call.outcomes, call.reasons) == (
        CallStatus.DECIDED,
        VERDICT.outcomes,
        "Rất tốt",
    )


@pytest.mark.parametrize("command", [Open(), Close(), VERDICT], ids=["open", "close", "decide"])
def test_a_call_that_was_never_written_is_unknown(command: object) -> None:
    given(decide).when(command).then_refused(CallUnknown)


@pytest.mark.parametrize(
    ("when", "takes"),
    [
        (NOON - timedelta(milliseconds=1), False),
        (NOON, True),
        (DEADLINE - timedelta(milliseconds=1), True),
        (DEADLINE, False),
        (DEADLINE + timedelta(days=1), False),
    ],
)
def test_entries_are_taken_from_the_opening_until_strictly_before_the_deadline(
    when: Any, takes: bool
) -> None:
    assert takes_entries(opened(), when) is takes


def test_a_call_that_is_not_open_takes_none() -> None:
    for history in ((), (Open(), Close())):
        state = given(decide, WRITE, *history, at=DEADLINE).state
        assert state is not None
        assert not takes_entries(state, NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": NOON},
        {"closes_at": NOON - timedelta(days=1)},
        {"closes_at": DEADLINE.replace(tzinfo=None)},
        {"closes_at": "9999-12-31T23:59:59Z"},
        {"opens_at": "0001-01-01T00:00:00+14:00"},
        pytest.param({"jurors": [DRAFT["jurors"][0]] * 2}, id="a juror named twice"),
        pytest.param({"jurors": DRAFT["jurors"][:1]}, id="one juror"),
        {"criteria": []},
        {"criteria": DRAFT["criteria"] * 2},
        {"criteria": [DRAFT["criteria"][0] | {"weight": 0}]},
        {"criteria": [DRAFT["criteria"][0] | {"key": "$where"}]},
        {"title": {"en": "No Vietnamese title"}},
    ],
    ids=str,
)
def test_rules_that_contradict_themselves_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CallFacts.model_validate(DRAFT | changes)
