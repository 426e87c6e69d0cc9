"""Who hosts a session: the one rule for releases, warnings and segments.

A session is hosted by the people it names. If it names nobody, the hosts and speakers of its
activity host it; if the activity is a course, its trainers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


def default_hosts(
    hosts: Sequence[UUID], speakers: Sequence[UUID], trainers: Sequence[UUID] = ()
) -> tuple[UUID, ...]:
    """The hosts of an activity's sessions that name nobody, each once.

    `hosts` and `speakers` are the activity's; `trainers` are the course's, empty if it is none.
    """
    return tuple(dict.fromkeys(trainers or (*hosts, *speakers)))


@dataclass(frozen=True, slots=True)
class DefaultHosts:
    """Who hosts sessions that name nobody, by activity. courses/hosts/queries.py reads it."""

    by_activity: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    def of(self, activity_id: UUID, named: Sequence[UUID] = ()) -> tuple[UUID, ...]:
        """The hosts of a session of this activity that names these people."""
        return tuple(named) or self.by_activity.get(activity_id, ())
