"""Who is notified of a release as a host, and what a notice says of each session. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from services.events.scheduling.schedule_releases.rules import (
    ChangeKind,
    ScheduleEntry,
    SessionChange,
)
from shared.contracts.events import ChangedSession, SessionSlot


class NoticeRecipient(NamedTuple):
    person_id: UUID
    session_id: UUID
    role: str  # holder, host, former_host


def hosts(changes: Iterable[SessionChange]) -> list[NoticeRecipient]:
    """The hosts of what is new, moved or cancelled, and those who begin or end to host."""
    found = []
    for one in changes:
        before, after = _hosts(one.before), _hosts(one.after)
        stay = before & after if one.kind is ChangeKind.MOVED else set()
        gone = before - after
        found += [
            NoticeRecipient(person, one.session_id, "host") for person in stay | (after - before)
        ]
        role = "host" if one.kind is ChangeKind.CANCELLED else "former_host"
        found += [NoticeRecipient(person, one.session_id, role) for person in gone]
    return found


def changed_session(
    change: SessionChange, person_id: UUID, role: str, revisions: Mapping[UUID, int]
) -> ChangedSession:
    """The change as this person has to know it: for somebody who begins to host it, it is new.

    `revisions`: the present revision of each session.
    """
    entry = change.after or change.before
    assert entry is not None  # noqa: S101 - a change has one of them at least
    begins = role == "host" and person_id not in _hosts(change.before)
    return ChangedSession.model_validate(
        {
            "session_id": change.session_id,
            "revision": revisions[change.session_id],
            "role": role,
            "title": entry.title,
            "before": None if begins else _slot(change.before),
            "after": None if role == "former_host" else _slot(change.after),
        }
    )


def _hosts(entry: ScheduleEntry | None) -> set[UUID]:
    return set() if entry is None else set(entry.hosts)


def _slot(entry: ScheduleEntry | None) -> SessionSlot | None:
    if entry is None:
        return None
    return SessionSlot(
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        venue=entry.venue,
        room=entry.room,
        address=entry.address,
    )
