"""An entry, as rules: drafted, submitted before the deadline, settled by the jury."""

import hashlib
import re
from datetime import datetime, timedelta

import pytest

from services.applications.calls import rules as calls
from services.applications.calls.rules import Call, CallFacts, CallNotOpen
from services.applications.entries.codes import new_code
from services.applications.entries.rules import (
    Draft,
    EntrySealed,
    EntryStatus,
    EntryUnknown,
    JurorMayNotEnter,
    RecordOutcome,
    Submit,
    decide,
    shown_status,
)
from shared.contracts.applications import EntryDecided, EntrySubmitted
from shared.errors import PreconditionFailed
from shared.ids import new_id
from shared.json_object import canonical_json
from shared.testing.scenarios import NOON, given

DEADLINE = NOON + timedelta(days=30)
AUTHOR, JUROR, ENTRY = new_id(), new_id(), new_id()
FIRST, SECOND = {"title": "Sân chơi"}, {"title": "Sân chơi dưới cầu"}


def call_in(*history: object) -> Call:
    facts = CallFacts(
        title={"vi": "Thiết kế"},
        form={},
        criteria=[{"key": "idea", "label": {"vi": "Ý tưởng"}, "weight": 1}],
        jurors=[JUROR, new_id()],
        opens_at=NOON,
        closes_at=DEADLINE,
    )
    state = given(calls.decide, calls.WriteCall(new_id(), facts), *history, at=DEADLINE).state
    assert state is not None
    return state


OPEN = call_in(calls.Open())
JUDGING = call_in(calls.Open(), calls.Close())


def draft(
    content: dict[str, str] = FIRST, *, call: Call = OPEN, by: object = AUTHOR, code: str = "ABCDEF"
) -> Draft:
    return Draft(ENTRY, call, by, code, "salt", content)  # type: ignore[arg-type]


def submit(content: dict[str, str] = FIRST, *, call: Call = OPEN, by: object = AUTHOR) -> Submit:
    return Submit(call, by, canonical_json(content))  # type: ignore[arg-type]


def submitted(content: dict[str, str]) -> EntrySubmitted:
    receipt = hashlib.sha256(f"salt{canonical_json(content)}".encode()).hexdigest()
    return EntrySubmitted(entry_id=ENTRY, call_id=OPEN.id, person_id=AUTHOR, receipt=receipt)


def test_a_draft_is_nobody_elses_business_and_keeps_its_code() -> None:
    entry = given(decide, draft()).when(draft(SECOND, code="ZZZZZZ")).then()
    assert (entry.status, entry.code, entry.receipt) == (EntryStatus.DRAFT, "ABCDEF", None)
    assert entry.content == canonical_json(SECOND)


def test_submitting_gives_the_hash_of_the_last_draft_as_receipt() -> None:
    told = submitted(SECOND)
    entry = given(decide, draft(), draft(SECOND)).when(submit(SECOND)).then(told)
    assert (entry.status, entry.receipt, entry.submitted_at) == (
        EntryStatus.SUBMITTED,
        told.receipt,
        NOON,
    )


def test_what_was_not_held_against_the_form_is_not_submitted() -> None:
    given(decide, draft(), draft(SECOND)).when(submit(FIRST)).then_refused(PreconditionFailed)


def test_a_submitted_entry_is_sealed() -> None:
    sealed = given(decide, draft(), submit())
    sealed.when(draft(SECOND)).then_refused(EntrySealed)
    sealed.when(submit()).then_refused(EntrySealed)


@pytest.mark.parametrize("command", [draft(SECOND), submit()], ids=["draft", "submit"])
@pytest.mark.parametrize(
    ("when", "taken"),
    [
        (NOON - timedelta(milliseconds=1), False),
        (NOON, True),
        (DEADLINE - timedelta(milliseconds=1), True),
        (DEADLINE, False),
        (DEADLINE + timedelta(milliseconds=1), False),
    ],
    ids=["before the opening", "at the opening", "in time", "at the deadline", "after it"],
)
def test_entries_are_taken_strictly_before_the_deadline(
    command: object, when: datetime, taken: bool
) -> None:
    outcome = given(decide, draft()).when(command, at=when)
    if taken:
        outcome.then(*([submitted(FIRST)] if isinstance(command, Submit) else []))
    else:
        outcome.then_refused(CallNotOpen)


def test_a_call_that_closed_takes_none_whatever_the_clock_says() -> None:
    given(decide).when(draft(call=JUDGING)).then_refused(CallNotOpen)
    given(decide, draft()).when(submit(call=JUDGING)).then_refused(CallNotOpen)


def test_a_juror_may_not_enter() -> None:
    given(decide).when(draft(by=JUROR)).then_refused(JurorMayNotEnter)
    given(decide, draft()).when(submit(by=JUROR)).then_refused(JurorMayNotEnter)


@pytest.mark.parametrize(("awarded", "outcome"), [(True, "awarded"), (False, "not_awarded")])
def test_the_author_is_told_the_result(awarded: bool, outcome: str) -> None:
    told = EntryDecided.model_validate(
        {"entry_id": ENTRY, "call_id": OPEN.id, "person_id": AUTHOR, "outcome": outcome}
    )
    entry = given(decide, draft(), submit()).when(RecordOutcome(AUTHOR, awarded)).then(told)
    assert (entry.status, entry.outcome) == (EntryStatus.DECIDED, outcome)


@pytest.mark.parametrize(
    "command", [submit(), RecordOutcome(AUTHOR, True)], ids=["submit", "settle"]
)
def test_what_was_never_drafted_is_unknown(command: object) -> None:
    given(decide).when(command).then_refused(EntryUnknown)


def test_an_author_sees_that_the_jury_has_it() -> None:
    drafted = given(decide, draft()).state
    handed_in = given(decide, draft(), submit()).state
    settled = given(decide, draft(), submit(), RecordOutcome(AUTHOR, False)).state
    assert drafted is not None
    assert handed_in is not None
    assert settled is not None
    assert shown_status(handed_in, OPEN) is EntryStatus.SUBMITTED
    assert shown_status(handed_in, JUDGING) is EntryStatus.UNDER_REVIEW
    assert shown_status(drafted, JUDGING) is EntryStatus.DRAFT
    assert shown_status(settled, JUDGING) is EntryStatus.DECIDED


def test_codes_can_be_read_aloud_and_are_not_repeated() -> None:
    codes = {new_code() for _ in range(2_000)}
    assert len(codes) >= 1_990
    assert all(re.fullmatch("[A-HJKMNP-Z2-9]{6}", code) for code in codes)
