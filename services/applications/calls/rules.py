"""A call: what may be entered until when, and who judges it by which criteria.

    draft ──open──▶ open ──close, after the deadline──▶ judging ──decide──▶ decided

When a call opens, its rules are frozen, and their hash is published.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.aggregates import Aggregate, Decision
from shared.clock import Moment
from shared.contracts.applications import CallOpened
from shared.errors import Conflict, NotFound
from shared.json_object import JsonObject, canonical_json
from shared.schema import Schema, example
from shared.text import Line, Localized, Prose

MIN_JURORS = 2  # so that no person decides alone


class CallUnknown(NotFound):
    code = "call.unknown"
    vi = "Không tìm thấy cuộc thi này."
    en = "There is no such call."


class RulesFrozen(Conflict):
    code = "call.rules_frozen"
    vi = "Cuộc thi đã mở, thể lệ không đổi được nữa."
    en = "The call is open; its rules are frozen."


class CallNotOpen(Conflict):
    code = "call.not_open"
    vi = "Cuộc thi chưa mở hoặc đã đóng nhận bài."
    en = "The call is not open for entries."


class DeadlineAhead(Conflict):
    code = "call.deadline_ahead"
    vi = "Chưa hết hạn nộp bài ({closes_at})."
    en = "The deadline has not passed ({closes_at})."


class NotJudging(Conflict):
    code = "call.not_judging"
    vi = "Cuộc thi không ở giai đoạn chấm."
    en = "The call is not being judged."


class CallStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    JUDGING = "judging"
    DECIDED = "decided"


class Criterion(Schema):
    """What jurors give points for."""

    model_config = ConfigDict(frozen=True)

    key: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    """The criterion's short name: jurors name their points by it."""
    label: Localized
    """The criterion, as jurors and authors read it."""
    weight: Annotated[int, Field(ge=1, le=100)]
    """How much it counts, in proportion to the weights of the others."""


class CallFacts(Schema):
    """What a call says: who may enter what until when, and who judges it by what."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "title": {
                    "vi": "Thiết kế bao bì cho làng nghề",
                    "en": "Packaging for craft villages",
                },
                "about": "Dành cho sinh viên và nhà thiết kế dưới 30 tuổi.",
                "form": {
                    "type": "object",
                    "properties": {
                        "title": {"type": "string", "title": "Tên tác phẩm"},
                        "village": {"type": "string", "title": "Làng nghề"},
                    },
                    "required": ["title", "village"],
                },
                "criteria": [
                    {"key": "idea", "label": {"vi": "Ý tưởng", "en": "Idea"}, "weight": 60},
                    {"key": "craft", "label": {"vi": "Kỹ thuật", "en": "Craft"}, "weight": 40},
                ],
                "jurors": [
                    "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                    "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                ],
                "opens_at": "2026-08-01T02:00:00Z",
                "closes_at": "2026-09-30T10:00:00Z",
            }
        ),
    )

    title: Localized
    """The call's name, as the public reads it."""
    about: Prose = ""
    """What it is about, in Vietnamese; the public reads it."""
    form: JsonObject
    """A JSON Schema (2020-12) that an entry's content must satisfy."""
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=20)]
    """What jurors give points for; each key once."""
    jurors: Annotated[tuple[UUID, ...], Field(min_length=MIN_JURORS, max_length=50)]
    """Who judges: people's ids in the registry. A juror may not enter."""
    opens_at: Moment
    """From when entries can be submitted: RFC 3339, in UTC."""
    closes_at: Moment
    """The deadline, by the server's clock: the last moment that counts is before it."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise ValueError("closes_at is not after opens_at")
        if len(set(self.jurors)) != len(self.jurors):
            raise ValueError("a juror is named twice")
        if len({criterion.key for criterion in self.criteria}) != len(self.criteria):
            raise ValueError("a criterion is named twice")
        return self


class Outcome(Schema):
    """One entry in the ranking."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra=example({"code": "K7RW2M", "score": 86.5, "awarded": True})
    )

    code: str
    """The entry's code, by which the jury knows it."""
    score: float
    """The mean of its jurors' weighted points, from 0 to 100."""
    awarded: bool
    """Whether the jury gave it a prize."""


class Call(Aggregate):
    status: CallStatus
    facts: CallFacts
    rules_hash: str | None = None  # SHA-256 of the facts, hexadecimal; set when the call opens
    outcomes: tuple[Outcome, ...] = ()
    reasons: Line | None = None
    changed_at: datetime


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class WriteCall:
    call_id: UUID
    facts: CallFacts


@dataclass(frozen=True, slots=True)
class Open:
    pass


@dataclass(frozen=True, slots=True)
class Close:
    pass


@dataclass(frozen=True, slots=True)
class Decide:
    outcomes: tuple[Outcome, ...]
    reasons: str


Command = WriteCall | Open | Close | Decide


def decide(call: Call | None, command: Command, now: datetime) -> Decision[Call]:
    if isinstance(command, WriteCall):
        return _write(call, command, now)
    if call is None:
        raise CallUnknown
    match command:
        case Open():
            return _open(call, now)
        case Close():
            if call.status is not CallStatus.OPEN:
                raise CallNotOpen
            if now < call.facts.closes_at:
                raise DeadlineAhead(closes_at=call.facts.closes_at)
            return Decision(call.changed(status=CallStatus.JUDGING, changed_at=now))
        case Decide():
            if call.status is not CallStatus.JUDGING:
                raise NotJudging
            decided = call.changed(
                status=CallStatus.DECIDED,
                outcomes=command.outcomes,
                reasons=command.reasons,
                changed_at=now,
            )
            return Decision(decided)
        case _:
            assert_never(command)


def _write(call: Call | None, command: WriteCall, now: datetime) -> Decision[Call]:
    if call is None:
        return Decision(
            Call(id=command.call_id, status=CallStatus.DRAFT, facts=command.facts, changed_at=now)
        )
    if call.status is not CallStatus.DRAFT:
        raise RulesFrozen
    return Decision(call.changed(facts=command.facts, changed_at=now))


def _open(call: Call, now: datetime) -> Decision[Call]:
    if call.status is not CallStatus.DRAFT:
        raise RulesFrozen
    rules_hash = sha256(canonical_json(call.facts.model_dump(mode="json")))
    told = CallOpened(
        call_id=call.id,
        title=call.facts.title,
        closes_at=call.facts.closes_at,
        rules_hash=rules_hash,
    )
    return Decision(
        call.changed(status=CallStatus.OPEN, rules_hash=rules_hash, changed_at=now), (told,)
    )


def takes_entries(call: Call, now: datetime) -> bool:
    """True if the call takes entries now. At `closes_at` it does not any more."""
    return call.status is CallStatus.OPEN and call.facts.opens_at <= now < call.facts.closes_at
