"""A gate: which sessions and ticket kinds it lets in, from when to when, and how often."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.events.programme.ticket_kinds.rules import TicketKind
from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import NotFound
from shared.text import Line


class GateUnknown(NotFound):
    code = "gate.unknown"
    vi = "Không tìm thấy cổng này."
    en = "There is no such gate."


class ReEntry(StrEnum):
    NO = "no"
    AFTER_EXIT = "after_exit"  # only people who were scanned on the way out
    ALWAYS = "always"  # also without a scan on the way out


Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]


class GateFacts(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: Line
    sessions: Annotated[frozenset[UUID], Field(min_length=1, max_length=200)]
    kinds: frozenset[TicketKind] = frozenset()  # none named: every kind
    opens_before: Minutes = 120  # minutes before the session begins
    closes_after: Minutes = 0  # minutes after it ends
    re_entry: ReEntry = ReEntry.NO


class Gate(Described):
    edition_id: UUID
    facts: GateFacts


@dataclass(frozen=True, slots=True)
class Describe:
    gate_id: UUID
    edition_id: UUID
    facts: GateFacts


def decide(gate: Gate | None, command: Describe, now: datetime) -> Decision[Gate]:
    described = Gate(
        id=command.gate_id, edition_id=command.edition_id, facts=command.facts, changed_at=now
    )
    return create_or_replace(gate, described)


def default_gate(session_id: UUID) -> GateFacts:
    """The gate of a session for which organisers have described none."""
    return GateFacts(name="Cửa", sessions=frozenset({session_id}))
