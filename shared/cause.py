"""Why something is happening: the chain from a person's request to its last effect.

Set once at each door (an HTTP request, a delivery from the bus) and read where an event is written
down. It travels in every event, so that logs and traces of five services tell one story. Who acts
does not travel: that stands in the audit trail of the service where they did.
"""

from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID

from shared.roles import Role
from shared.telemetry import current_traceparent


class Actor(NamedTuple):
    """Somebody of the staff, and the role they act under now."""

    person_id: UUID
    role: Role


class Cause(NamedTuple):
    correlation_id: str  # the request at the start of the chain
    causation_id: UUID | None = None  # the event just before; None: a person's request itself
    traceparent: str | None = None  # W3C Trace Context of the step that is being done
    actor: Actor | None = None  # None: a participant, for themselves; or nobody, a reaction


_current: ContextVar[Cause | None] = ContextVar("cause", default=None)
_UNKNOWN = Cause(correlation_id="none")


def set_cause(cause: Cause) -> None:
    """From here on, in this task, this is why."""
    _current.set(cause)


def set_actor(actor: Actor | None) -> None:
    """From here on, in this task, this is who acts, for the same reason as before."""
    _current.set((_current.get() or _UNKNOWN)._replace(actor=actor))


def current_cause() -> Cause:
    """The cause of what is being done now, with the span it is being done in."""
    cause = _current.get() or _UNKNOWN
    return cause._replace(traceparent=current_traceparent() or cause.traceparent)
