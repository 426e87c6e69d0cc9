"""Sessions that are on at the same time."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.events.programme.sessions.rules import SessionTimes


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
