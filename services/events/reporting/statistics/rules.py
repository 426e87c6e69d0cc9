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

from pydantic import ConfigDict

from services.events.booking.registrations.state import RegistrationCount, Status
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import local
from shared.contracts.events import BookableKind
from shared.schema import Schema, example
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


class Figures(Schema):
    """How many people; only `registrations` counts groups."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registrations": 120,
                "people": 180,
                "confirmed": 150,
                "waiting": 20,
                "pending": 4,
                "cancelled": 6,
                "shows": 131,
                "no_shows": 19,
            }
        )
    )

    registrations: int = 0
    """Registrations, whatever became of them; a group is one."""
    people: int = 0
    """People of these registrations."""
    confirmed: int = 0
    """People who have a seat."""
    waiting: int = 0
    """People on a waiting list."""
    pending: int = 0
    """People for whom a seat is kept: held, asked, offered or unpaid."""
    cancelled: int = 0
    """People whose registration was cancelled."""
    shows: int = 0
    """People who were let in at least once."""
    no_shows: int = 0
    """People who had a seat in a session that is over, and did not come."""

    def plus(self, other: "Figures") -> "Figures":
        return Figures(**{name: value + getattr(other, name) for name, value in self})


class KindFigures(Schema):
    """One kind of ticket in figures."""

    kind: TicketKind
    """The kind of ticket."""
    figures: Figures | None
    """Null: too few, or they would tell the figure of too few."""


class SessionFigures(Schema):
    """One session in figures, or one course with the first of its sessions."""

    bookable_id: UUID
    """The id of the session or, for a course, of its activity."""
    bookable_kind: BookableKind
    title: Localized
    """The name of its activity."""
    starts_at: datetime  # of a course: its first session
    figures: Figures
    """Its figures."""


class DayFigures(Schema):
    """One day in figures."""

    day: date
    """The day, in Hanoi."""
    figures: Figures
    """Its figures."""


class WardFigures(Schema):
    """One ward in figures."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "ward": "Phường Bồ Đề",
                "figures": {
                    "registrations": 120,
                    "people": 180,
                    "confirmed": 150,
                    "waiting": 20,
                    "pending": 4,
                    "cancelled": 6,
                    "shows": 131,
                    "no_shows": 19,
                },
            }
        )
    )

    ward: str | None
    """The ward of the venue; null: it is not known."""
    figures: Figures
    """Its figures."""


class Statistics(Schema):
    """An edition in figures."""

    as_of: datetime
    """When they were counted: RFC 3339, in UTC."""
    total: Figures
    """All of the edition."""
    by_kind: list[KindFigures]
    """Each kind of ticket."""
    by_session: list[SessionFigures]
    """Each session or course."""
    by_day: list[DayFigures]
    """Each day."""
    by_ward: list[WardFigures]
    """Each ward of a venue."""


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
