"""Who has taken places in sessions that are on at the same time. A warning, never a refusal."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class SessionTimes(NamedTuple):
    """From when until when a session lasts; one may begin as another ends."""

    starts_at: datetime
    ends_at: datetime


def clashing(
    session_id: UUID, others: Iterable[UUID], spans: Mapping[UUID, SessionTimes]
) -> list[UUID]:
    """Those of the other sessions that overlap with this one, in order of time.

    A session that has no public times clashes with nothing.
    """
    mine = spans.get(session_id)
    if mine is None:
        return []
    found = [
        (span.starts_at, other)
        for other in others
        if other != session_id
        and (span := spans.get(other))
        and span.starts_at < mine.ends_at
        and mine.starts_at < span.ends_at
    ]
    return [other for _, other in sorted(found)]
