"""Why something happens: the chain from a person's request to its last effect.

It is set once where work comes in (an HTTP request, a delivery from the bus) and read where an
event is stored. Every event carries it, so the logs and traces of five services can be joined. Who
acts is not carried on: the audit trail of the service in which they acted has it.
"""

from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from shared.roles import Role
from shared.telemetry import current_traceparent


class Actor(NamedTuple):
    """A member of staff, and the role in which they act now."""

    person_id: UUID
    role: Role


class Cause(NamedTuple):
    correlation_id: str  # the request at the start of the chain
    causation_id: UUID | None = None  # the event just before; None: a person's request itself
    traceparent: str | None = None  # W3C Trace Context of the step that is being done
    actor: Actor | None = None  # None: a participant for themselves, or a reaction to an event


_current: ContextVar[Cause | None] = ContextVar("cause", default=None)
_UNKNOWN = Cause(correlation_id="none")


def set_cause(cause: Cause) -> None:
    """Set the cause of what this task does from here on."""
    _current.set(cause)


def set_actor(actor: Actor | None) -> None:
    """Set who acts in this task from here on. The rest of the cause stays."""
    _current.set((_current.get() or _UNKNOWN)._replace(actor=actor))


def current_cause() -> Cause:
    """The cause of the present work, with the present span."""
    cause = _current.get() or _UNKNOWN
    return cause._replace(traceparent=current_traceparent() or cause.traceparent)
