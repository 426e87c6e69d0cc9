"""What became of an edition's places, in figures: as a whole, by kind, by session, day and ward.

Wards are those of the venues; where people live is not known here. Kinds that say something about a
person (children, wheelchair users) are left out where a figure is so small that it could mean one.
What a whole session counts is told, whoever may come to it: anybody sees how full it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import local
from shared.text import Localized

SENSITIVE = frozenset({TicketKind.CHILD, TicketKind.WHEELCHAIR})
FEWEST = 5  # a sensitive kind's figures below this, other than 0, are not told


class Group(NamedTuple):
    """Registrations that are alike, counted by the database."""

    session_id: UUID
    kind: TicketKind
    status: str
    admitted: bool
    registrations: int
    people: int  # with those who come along


class SessionCounted(NamedTuple):
    """A session, or a whole course, as far as statistics ask."""

    title: Localized
    starts_at: datetime
    ends_at: datetime
    ward: str | None  # of the venue, if the registry has told


class Figures(BaseModel):
    """People, but for `registrations`: a group is one registration of several people."""

    registrations: int = 0  # whatever became of them
    people: int = 0
    confirmed: int = 0
    waiting: int = 0
    pending: int = 0  # held, asked, offered, unpaid: a place is kept
    cancelled: int = 0
    shows: int = 0  # let in at least once
    no_shows: int = 0  # had a place in a session that is over, and did not come

    def plus(self, other: "Figures") -> "Figures":
        return Figures(**{name: value + getattr(other, name) for name, value in self})


class KindFigures(BaseModel):
    kind: TicketKind
    figures: Figures | None  # None: too few, or they would tell the figure of too few


class SessionFigures(BaseModel):
    session_id: UUID  # or the course's, with the first of its sessions
    title: Localized
    starts_at: datetime
    figures: Figures


class DayFigures(BaseModel):
    day: date  # in Hanoi
    figures: Figures


class WardFigures(BaseModel):
    ward: str | None  # of the venue; None: not known
    figures: Figures


class Statistics(BaseModel):
    as_of: datetime
    total: Figures
    by_kind: list[KindFigures]
    by_session: list[SessionFigures]
    by_day: list[DayFigures]
    by_ward: list[WardFigures]


def tally(
    groups: Iterable[Group], sessions: Mapping[UUID, SessionCounted], now: datetime
) -> Statistics:
    total = Figures()
    by_kind: defaultdict[TicketKind, Figures] = defaultdict(Figures)
    by_session = {key: Figures() for key in sessions}
    for group in groups:
        figures = _figures(group, over=sessions[group.session_id].ends_at <= now)
        total = total.plus(figures)
        by_kind[group.kind] = by_kind[group.kind].plus(figures)
        by_session[group.session_id] = by_session[group.session_id].plus(figures)
    by_day: defaultdict[date, Figures] = defaultdict(Figures)
    by_ward: defaultdict[str | None, Figures] = defaultdict(Figures)
    for key, figures in by_session.items():
        day = local(sessions[key].starts_at).date()
        by_day[day] = by_day[day].plus(figures)
        by_ward[sessions[key].ward] = by_ward[sessions[key].ward].plus(figures)
    in_time = sorted(sessions.items(), key=lambda item: (item[1].starts_at, item[0]))
    return Statistics(
        as_of=now,
        total=total,
        by_kind=suppressed(by_kind),
        by_session=[
            SessionFigures(
                session_id=key, title=one.title, starts_at=one.starts_at, figures=by_session[key]
            )
            for key, one in in_time
        ],
        by_day=[DayFigures(day=day, figures=by_day[day]) for day in sorted(by_day)],
        by_ward=[
            WardFigures(ward=ward, figures=by_ward[ward])
            for ward in sorted(by_ward, key=lambda ward: (ward is None, ward or ""))
        ],
    )


def suppressed(by_kind: Mapping[TicketKind, Figures]) -> list[KindFigures]:
    """Kinds in order, without those whose figures could mean one person.

    The total tells what those left out come to together. So it is never only one, nor so few that
    it can only be one registration of each: the smallest of the others are left out too.
    """
    hidden = {
        kind
        for kind, figures in by_kind.items()
        if kind in SENSITIVE and any(0 < value < FEWEST for _, value in figures)
    }
    others = [kind for kind in TicketKind if kind in by_kind and kind not in hidden]
    others.sort(key=lambda kind: by_kind[kind].registrations)
    while hidden and others and _told_apart(by_kind[kind] for kind in hidden):
        hidden.add(others.pop(0))
    return [
        KindFigures(kind=kind, figures=None if kind in hidden else by_kind[kind])
        for kind in TicketKind
        if kind in by_kind
    ]


def _told_apart(hidden: Iterable[Figures]) -> bool:
    """Whether the sum of these tells each of them."""
    registrations = [figures.registrations for figures in hidden]
    return len(registrations) == 1 or sum(registrations) <= len(registrations)


def _figures(group: Group, *, over: bool) -> Figures:
    confirmed = group.status == "confirmed"
    people = group.people
    return Figures(
        registrations=group.registrations,
        people=people,
        confirmed=people * confirmed,
        waiting=people * (group.status == "waiting"),
        pending=people * (group.status not in ("confirmed", "waiting", "cancelled")),
        cancelled=people * (group.status == "cancelled"),
        shows=people * group.admitted,
        no_shows=people * (confirmed and over and not group.admitted),
    )
