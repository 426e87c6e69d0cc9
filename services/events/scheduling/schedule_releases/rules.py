"""The schedule as the public knows it, and its history of numbered releases.

Organisers work on drafts; a release puts some or all of them in force at once. Every change the
public sees belongs to a release, a cancellation too, so that any two of them can be compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import ConfigDict

from services.events.programme.sessions.hosts import DefaultHosts
from services.events.programme.sessions.rules import Mode, Session
from shared.schema import Schema, example
from shared.text import Localized


class ScheduleEntry(Schema):
    """One session in a schedule. How many seats it has and on which terms is not part of it.

    `hosts` are all its hosts at the moment of the release: those of its activity too, if it names
    nobody (programme/sessions/hosts.py). Both sides of a change are read at that moment, so other
    hosts of an activity are no change of its sessions and notify nobody. The next release of such
    a session notifies those who host it then.
    """

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                "starts_at": "2026-11-06T02:00:00Z",
                "ends_at": "2026-11-06T04:30:00Z",
                "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                "venue": {"vi": "Nhà máy xe lửa Gia Lâm"},
                "room": {"vi": "Xưởng 2"},
                "address": "551 Nguyễn Văn Cừ",
                "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                "mode": "on_site",
                "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
            }
        ),
    )

    title: Localized
    """The name of its activity."""
    starts_at: datetime
    ends_at: datetime
    venue_id: UUID
    venue: Localized
    """The venue's name."""
    room: Localized | None = None
    """The room's name; null: the whole venue."""
    address: str
    """The venue's street address."""
    room_id: UUID | None = None
    mode: Mode
    """Where people take part: at the venue, online, or either."""
    hosts: tuple[UUID, ...] = ()
    """Ids of the people who speak, train or guide at it."""


class ReleaseRequest(NamedTuple):
    """Who asks for a release or a cancellation, when, and what its readers are told about it."""

    by: UUID
    at: datetime
    notes: Localized | None = None


class ChangeKind(StrEnum):
    NEW = "new"
    MOVED = "moved"  # another time or another place
    CHANGED = "changed"  # in what it is called, who hosts it, how it is attended
    CANCELLED = "cancelled"


MOVES = frozenset({"starts_at", "ends_at", "venue_id", "room_id"})
"""Fields of a `ScheduleEntry`: who holds a seat is notified of changes in these only."""


class SessionChange(NamedTuple):
    """What a release changed of one session.

    `before` is None for a new one, `after` for a cancelled one.
    """

    session_id: UUID
    kind: ChangeKind
    before: ScheduleEntry | None
    after: ScheduleEntry | None
    fields: tuple[str, ...] = ()  # of a ScheduleEntry, that differ


def shown(session: Session, hosts: DefaultHosts) -> ScheduleEntry | None:
    """The session as the public sees it now; None if it does not see it."""
    if not session.published or session.cancelled is not None:
        return None
    facts = session.facts
    return ScheduleEntry(
        title=session.title,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        venue_id=facts.venue_id,
        venue=session.place.name,
        room=session.place.room,
        address=session.place.address,
        room_id=facts.room_id,
        mode=facts.mode,
        hosts=hosts.of(session.activity_id, facts.hosts),
    )


def change(
    session_id: UUID, before: ScheduleEntry | None, after: ScheduleEntry | None
) -> SessionChange | None:
    """None if the public sees no difference."""
    if before == after:
        return None
    if before is None:
        return SessionChange(session_id, ChangeKind.NEW, before, after)
    if after is None:
        return SessionChange(session_id, ChangeKind.CANCELLED, before, after)
    fields = tuple(
        name for name in ScheduleEntry.model_fields if getattr(before, name) != getattr(after, name)
    )
    kind = ChangeKind.CHANGED if MOVES.isdisjoint(fields) else ChangeKind.MOVED
    return SessionChange(session_id, kind, before, after, fields)


def between(changes: Iterable[SessionChange]) -> list[SessionChange]:
    """The sum of the changes of several releases, given in their order.

    A session that was moved away and back has not changed.
    """
    first: dict[UUID, ScheduleEntry | None] = {}
    last: dict[UUID, ScheduleEntry | None] = {}
    for one in changes:
        first.setdefault(one.session_id, one.before)
        last[one.session_id] = one.after
    found = (change(key, before, last[key]) for key, before in first.items())
    return in_order([one for one in found if one is not None])


def in_order(changes: Sequence[SessionChange]) -> list[SessionChange]:
    """Sorted by the time that readers know: from before the change, of a new session after it."""

    def known(one: SessionChange) -> tuple[datetime, UUID]:
        entry = one.before or one.after
        assert entry is not None  # noqa: S101 - a change has one of them at least
        return entry.starts_at, one.session_id

    return sorted(changes, key=known)


def counts(changes: Iterable[SessionChange]) -> Mapping[ChangeKind, int]:
    found = dict.fromkeys(ChangeKind, 0)
    for one in changes:
        found[one.kind] += 1
    return found
