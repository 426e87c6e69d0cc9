"""Aggregates: the things of the field, and what a rule decides about them.

    decide(state, command, now) -> Decision(next state, events)

Each feature has one such rule. It is pure: it reads no store, no clock and no random number, and it
changes nothing. A repository (repositories.py) loads the state and writes what was decided.
"""

from datetime import datetime
from typing import Any, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.base import Event


class Aggregate(BaseModel):
    """The state of one thing. `version` grows with every change; the repository sets it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    version: int = 0

    def changed(self, **changes: Any) -> Self:
        """A copy with these fields changed. The values must be valid already."""
        return self.model_copy(update=changes)


class Described(Aggregate):
    """A thing that staff describe as a whole, such as a space, an agency or a gate."""

    changed_at: datetime  # when the description last changed


A = TypeVar("A", bound=Aggregate)
D = TypeVar("D", bound=Described)


class Decision(NamedTuple, Generic[A]):
    """What a rule decides: the next state, and the events to publish, in this order."""

    state: A
    events: tuple[Event, ...] = ()


def create_or_replace(before: D | None, described: D) -> Decision[D]:
    """The rule of most `Describe` commands: the thing becomes what was described.

    `described` is the whole state that the command asks for. If it differs from `before` in nothing
    but its time, then nothing changes.
    """
    if before is None:
        return Decision(described)
    if described.changed(version=before.version, changed_at=before.changed_at) == before:
        return Decision(before)
    return Decision(described.changed(version=before.version))
