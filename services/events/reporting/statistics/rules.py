"""The registrations of an edition in figures: in total, by ticket kind, session, day and ward.

Wards are those of the venues; this service does not know where people live. A ticket kind that says
something personal about its holders (child, wheelchair) is left out where a figure is so small that
it could point to one person. The figures of a session are always shown, even if it is only for
children: anybody can see how full it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.events.booking.registrations.state import RegistrationCount, Status
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import local
from shared.contracts.events import BookableKind
from shared.text import Localized

SENSITIVE = frozenset({TicketKind.CHILD, TicketKind.WHEELCHAIR})
MIN_SHOWN = 5  # for a sensitive kind, smaller figures than this are not shown, except 0


class CountedSession(NamedTuple):
    """What statistics need to know of a session, or of a whole course."""

    kind: BookableKind
    title: Localized
    starts_at: datetime
    ends_at: datetime
    ward: str | None  # of the venue, if the registry knows it


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
    bookable_id: UUID  # of the session or course
    bookable_kind: BookableKind
    title: Localized
    starts_at: datetime  # of a course: its first session
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


def summarise(
    counts: Iterable[RegistrationCount], sessions: Mapping[UUID, CountedSession], now: datetime
) -> Statistics:
    """`sessions`: by the id of the session, or of the course, that people registered for."""
    total = Figures()
    by_kind: defaultdict[TicketKind, Figures] = defaultdict(Figures)
    by_session = {key: Figures() for key in sessions}
    for count in counts:
        figures = _figures(count, over=sessions[count.bookable_id].ends_at <= now)
        total = total.plus(figures)
        by_kind[count.kind] = by_kind[count.kind].plus(figures)
        by_session[count.bookable_id] = by_session[count.bookable_id].plus(figures)
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
                bookable_id=key,
                bookable_kind=one.kind,
                title=one.title,
                starts_at=one.starts_at,
                figures=by_session[key],
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
    """The kinds in order, without the figures of those that could point to one person.

    The total shows the sum of the hidden kinds. If only one kind were hidden, or if their sum could
    only be one registration each, the hidden figures would follow from it. Then the smallest of the
    other kinds are hidden too.
    """
    hidden = {
        kind
        for kind, figures in by_kind.items()
        if kind in SENSITIVE and any(0 < value < MIN_SHOWN for _, value in figures)
    }
    others = [kind for kind in TicketKind if kind in by_kind and kind not in hidden]
    others.sort(key=lambda kind: by_kind[kind].registrations)
    while hidden and others and _sum_reveals(by_kind[kind] for kind in hidden):
        hidden.add(others.pop(0))
    return [
        KindFigures(kind=kind, figures=None if kind in hidden else by_kind[kind])
        for kind in TicketKind
        if kind in by_kind
    ]


def _sum_reveals(hidden: Iterable[Figures]) -> bool:
    """True if the figure of each of these follows from their sum."""
    registrations = [figures.registrations for figures in hidden]
    return len(registrations) == 1 or sum(registrations) <= len(registrations)


def _figures(count: RegistrationCount, *, over: bool) -> Figures:
    """`over`: the session, or the whole course, has ended."""
    confirmed = count.status is Status.CONFIRMED
    pending = count.status not in (Status.CONFIRMED, Status.WAITING, Status.CANCELLED)
    people = count.people
    return Figures(
        registrations=count.registrations,
        people=people,
        confirmed=people * confirmed,
        waiting=people * (count.status is Status.WAITING),
        pending=people * pending,
        cancelled=people * (count.status is Status.CANCELLED),
        shows=people * count.admitted,
        no_shows=people * (confirmed and over and not count.admitted),
    )
