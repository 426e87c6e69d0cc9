"""Tests of rules, in the form given, when, then:

    given(decide, Draft(…), at=NOON).when(Submit()).then(DesignerSubmitted(…))

What is given is a history of commands, so that a test starts from a state that can really exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from shared.aggregates import Aggregate, Decision
from shared.contracts.base import Event
from shared.errors import DomainError

A = TypeVar("A", bound=Aggregate)
Decide = Callable[[Any, Any, datetime], Decision[A]]

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # twelve o'clock in Hanoi


@dataclass(frozen=True)
class Given(Generic[A]):
    decide: Decide[A]
    state: A | None
    at: datetime

    def when(self, command: object, *, at: datetime | None = None) -> "When[A]":
        """Decide on this command, at the moment of the history unless another is given."""
        moment = at or self.at
        try:
            return When(self, self.decide(self.state, command, moment), None)
        except DomainError as error:
            return When(self, None, error)


@dataclass(frozen=True)
class When(Generic[A]):
    given: Given[A]
    decision: Decision[A] | None
    error: DomainError | None

    def then(self, *events: Event) -> A:
        """Exactly these events are published, in this order. Returns the new state."""
        if self.decision is None:
            raise AssertionError(f"refused: {self.error}")
        assert self.decision.events == events, (
            f"\n  events:   {self.decision.events}\n  expected: {events}"
        )
        return self.decision.state

    def then_refused(self, error: type[DomainError]) -> DomainError:
        """The rule refuses the command with this error."""
        assert self.decision is None, f"allowed: {self.decision}"
        assert type(self.error) is error, f"refused with {self.error!r}, expected {error.__name__}"
        return self.error


def given(decide: Decide[A], *history: object, at: datetime = NOON) -> Given[A]:
    """The state after this history of commands."""
    state: A | None = None
    for command in history:
        state = decide(state, command, at).state
    return Given(decide, state, at)
