"""A gate: which sessions and ticket kinds it lets in, from when to when, and how often."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from services.events.programme.ticket_kinds.rules import TicketKind
from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import NotFound
from shared.schema import Schema, example
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


class GateFacts(Schema):
    """What organisers say of a gate."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "name": "Cổng chính, nhà máy Gia Lâm",
                "sessions": ["0199f3a2-3b42-7c33-8d5e-6f708192a3b4"],
                "kinds": [],
                "opens_before": 90,
                "closes_after": 0,
                "re_entry": "after_exit",
            }
        ),
    )

    name: Line
    """Its name, for the staff."""
    sessions: Annotated[frozenset[UUID], Field(min_length=1, max_length=200)]
    """Ids of the sessions whose tickets it takes."""
    kinds: frozenset[TicketKind] = frozenset()
    """The kinds of ticket that it takes; none: all kinds."""
    opens_before: Minutes = 120
    """From so many minutes before the session begins it lets people in."""
    closes_after: Minutes = 0
    """Until so many minutes after the session ends it lets people in."""
    re_entry: ReEntry = ReEntry.NO
    """Whether a ticket lets its holder in again: `no`, `after_exit` (who was scanned on the way
    out), or `always` (nobody is scanned on the way out)."""


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
