"""An entry: the author writes it in private and submits it; the jury knows only its code.

    draft ──submit──▶ submitted ──the call closes──▶ under review ──▶ decided

An entry holds its code, but not its author. Only the vault has the authors.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, assert_never
from uuid import UUID

from services.applications.calls import rules as calls
from services.applications.calls.rules import Call, CallNotOpen, sha256, takes_entries
from shared.aggregates import Aggregate, Decision
from shared.contracts.applications import EntryDecided, EntrySubmitted
from shared.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from shared.json_object import canonical_json


class EntryUnknown(NotFound):
    code = "entry.unknown"
    vi = "Không tìm thấy bài dự thi này."
    en = "There is no such entry."


class EntrySealed(Conflict):
    code = "entry.submitted"
    vi = "Bài đã nộp, không sửa được nữa."
    en = "The entry was submitted and cannot be changed."


class JurorMayNotEnter(Forbidden):
    code = "entry.juror_may_not_enter"
    vi = "Giám khảo không được dự thi."
    en = "A juror may not enter."


class EntryStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    DECIDED = "decided"


class Entry(Aggregate):
    """`status` says what was done to the entry. That it is under review follows from its call."""

    call_id: UUID
    code: str
    content: str  # canonical JSON
    salt: str  # random; without it nobody can find out which content a receipt is for
    status: Literal[EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.DECIDED] = (
        EntryStatus.DRAFT
    )
    receipt: str | None = None  # SHA-256 of salt and content, hexadecimal
    submitted_at: datetime | None = None
    outcome: Literal["awarded", "not_awarded"] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    entry_id: UUID
    call: Call
    person_id: UUID
    code: str  # used for a first draft, as is `salt`
    salt: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submit:
    """`checked` is the content that was checked against the form."""

    call: Call
    person_id: UUID
    checked: str


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """The jury's result. The author comes from the vault, which is read for this."""

    person_id: UUID
    awarded: bool


Command = Draft | Submit | RecordOutcome


def decide(entry: Entry | None, command: Command, now: datetime) -> Decision[Entry]:
    if isinstance(command, Draft):
        return _draft(entry, command, now)
    if entry is None:
        raise EntryUnknown
    match command:
        case Submit():
            return _submit(entry, command, now)
        case RecordOutcome():
            outcome: Literal["awarded", "not_awarded"] = (
                "awarded" if command.awarded else "not_awarded"
            )
            told = EntryDecided(
                entry_id=entry.id,
                call_id=entry.call_id,
                person_id=command.person_id,
                outcome=outcome,
            )
            return Decision(entry.changed(status=EntryStatus.DECIDED, outcome=outcome), (told,))
        case _:
            assert_never(command)


def _draft(entry: Entry | None, command: Draft, now: datetime) -> Decision[Entry]:
    _may_enter(command.call, command.person_id, now)
    content = canonical_json(command.content)
    if entry is None:
        return Decision(
            Entry(
                id=command.entry_id,
                call_id=command.call.id,
                code=command.code,
                salt=command.salt,
                content=content,
            )
        )
    if entry.status is not EntryStatus.DRAFT:
        raise EntrySealed
    return Decision(entry.changed(content=content))


def _submit(entry: Entry, command: Submit, now: datetime) -> Decision[Entry]:
    _may_enter(command.call, command.person_id, now)
    if entry.status is not EntryStatus.DRAFT:
        raise EntrySealed
    if entry.content != command.checked:
        raise PreconditionFailed
    receipt = sha256(entry.salt + entry.content)
    told = EntrySubmitted(
        entry_id=entry.id, call_id=entry.call_id, person_id=command.person_id, receipt=receipt
    )
    submitted = entry.changed(status=EntryStatus.SUBMITTED, receipt=receipt, submitted_at=now)
    return Decision(submitted, (told,))


def _may_enter(call: Call, person_id: UUID, now: datetime) -> None:
    if not takes_entries(call, now):
        raise CallNotOpen
    if person_id in call.facts.jurors:
        raise JurorMayNotEnter


def shown_status(entry: Entry, call: Call) -> EntryStatus:
    """The status as its author sees it."""
    if entry.status is EntryStatus.SUBMITTED and call.status is calls.CallStatus.JUDGING:
        return EntryStatus.UNDER_REVIEW
    return entry.status
