"""How many people are inside, and where one person was: from the scans of all gates together.

Few people are scanned on the way out. So a person who is let in at another session has left the
one before, even if no gate saw it. The result does not depend on the order in which scans arrive.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from services.events.admission.scans.rules import JudgedScan, ScanResult


class Left(StrEnum):
    EXIT = "exit"  # a gate saw them leave
    ELSEWHERE = "elsewhere"  # a gate let them in at another session


class Stay(NamedTuple):
    """The time that one person and their companions spent at one session."""

    session_id: UUID
    size: int
    came_at: datetime
    left_at: datetime | None = None
    left: Left | None = None


class PersonInside(NamedTuple):
    """A person is inside a session, as far as the scans of that session alone show."""

    person_id: UUID
    session_id: UUID
    size: int  # people on the ticket
    since: datetime  # when they were last let in


def inside(scanned: Iterable[PersonInside]) -> Counter[UUID]:
    """How many people are in each session. A person counts only where they were let in last."""
    last: dict[UUID, PersonInside] = {}
    for one in scanned:
        known = last.get(one.person_id)
        if known is None or (one.since, one.session_id) > (known.since, known.session_id):
            last[one.person_id] = one
    people: Counter[UUID] = Counter()
    for one in last.values():
        people[one.session_id] += one.size
    return people


def stays(tickets: Iterable[tuple[UUID, int, Sequence[JudgedScan]]]) -> list[Stay]:
    """Where one person was, in order of time.

    `tickets`: of each of their tickets at a session, (session, people on the ticket, its scans in
    order).
    """
    found = [stay for ticket in tickets for stay in _stays_at(*ticket)]
    found.sort(key=lambda stay: (stay.came_at, stay.session_id))
    ended = [_ended_by(stay, following) for stay, following in pairwise(found)]
    return [*ended, *found[-1:]]


def _stays_at(session_id: UUID, size: int, scans: Sequence[JudgedScan]) -> Iterator[Stay]:
    came: datetime | None = None
    for scan, answer in scans:
        if answer is ScanResult.ADMITTED and came is None:
            came = scan.effective_at
        elif answer is ScanResult.LEFT and came is not None:
            yield Stay(session_id, size, came, scan.effective_at, Left.EXIT)
            came = None
    if came is not None:
        yield Stay(session_id, size, came)


def _ended_by(stay: Stay, following: Stay) -> Stay:
    """Ended by the following stay, unless a gate saw the person leave before that."""
    if stay.left_at is not None and stay.left_at <= following.came_at:
        return stay
    return stay._replace(left_at=following.came_at, left=Left.ELSEWHERE)
