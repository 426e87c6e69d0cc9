"""Who is where, and where somebody was: what gates saw, put together over all of them.

Few scan a ticket on the way out. Whoever is let in somewhere else has left where they were before,
whatever the gate there knows. All of this follows from the scans, in whatever order they came.
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
    ELSEWHERE = "elsewhere"  # a gate saw them come in somewhere else


class Stay(NamedTuple):
    """One person, with those on their ticket, at one session."""

    session_id: UUID
    size: int
    came_at: datetime
    left_at: datetime | None = None
    left: Left | None = None


class PersonInside(NamedTuple):
    """By one gate's knowledge alone somebody is inside, last let in at this moment."""

    person_id: UUID
    session_id: UUID
    size: int
    since: datetime


def inside(present: Iterable[PersonInside]) -> Counter[UUID]:
    """How many people are in each session. Somebody who is in several is where they came last."""
    last: dict[UUID, PersonInside] = {}
    for one in present:
        known = last.get(one.person_id)
        if known is None or (one.since, one.session_id) > (known.since, known.session_id):
            last[one.person_id] = one
    people: Counter[UUID] = Counter()
    for one in last.values():
        people[one.session_id] += one.size
    return people


def trail(tickets: Iterable[tuple[UUID, int, Sequence[JudgedScan]]]) -> list[Stay]:
    """Where one person was, in order of time, from the scans of each of their tickets at a session.

    Of each: (session, people on the ticket, its scans in order).
    """
    seen = [stay for ticket in tickets for stay in _stays(*ticket)]
    seen.sort(key=lambda stay: (stay.came_at, stay.session_id))
    ended = [_until(stay, following) for stay, following in pairwise(seen)]
    return [*ended, *seen[-1:]]


def _stays(session_id: UUID, size: int, scans: Sequence[JudgedScan]) -> Iterator[Stay]:
    came: datetime | None = None
    for scan, answer in scans:
        if answer is ScanResult.ADMITTED and came is None:
            came = scan.turn
        elif answer is ScanResult.LEFT and came is not None:
            yield Stay(session_id, size, came, scan.turn, Left.EXIT)
            came = None
    if came is not None:
        yield Stay(session_id, size, came)


def _until(stay: Stay, following: Stay) -> Stay:
    if stay.left_at is not None and stay.left_at <= following.came_at:
        return stay
    return stay._replace(left_at=following.came_at, left=Left.ELSEWHERE)
