"""A series: a session that recurs, planned as a number of ordinary sessions.

The rule is a part of RFC 5545's RRULE: FREQ, INTERVAL, BYDAY, and UNTIL or COUNT, without the days
of EXDATE. Days and times of day are those of Hanoi, which has no daylight saving time.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated, Self
from uuid import UUID

from dateutil import rrule  # type: ignore[import-untyped]
from pydantic import ConfigDict, Field, ValidationError, model_validator

from services.events.programme.sessions.rules import SessionFacts
from services.events.programme.venue_settings.rules import Weekday
from shared.clock import Day, local
from shared.errors import Conflict, NotFound
from shared.schema import Schema, example

MAX_SESSIONS = 400  # sessions of one series
MAX_LENGTH = timedelta(days=3 * 366)  # from its first session to its last


class SeriesUnknown(NotFound):
    code = "series.unknown"
    vi = "Không tìm thấy chuỗi buổi này."
    en = "There is no such series."


class SeriesEmpty(Conflict):
    code = "series.empty"
    vi = "Quy tắc lặp này không cho ra ngày nào."
    en = "This recurrence rule gives no day at all."


class SeriesTooLong(Conflict):
    code = "series.too_long"
    vi = "Một chuỗi có nhiều nhất {most} buổi, trong nhiều nhất ba năm."
    en = "A series has at most {most} sessions, within three years."


class NotInSeries(Conflict):
    code = "session.not_in_series"
    vi = "Buổi này không thuộc chuỗi nào."
    en = "This session is not part of a series."


class ChangeDoesNotFit(Conflict):
    code = "series.does_not_fit"
    vi = "Thay đổi này không áp dụng được cho buổi {session_id}; chưa buổi nào được sửa."
    en = "The change cannot be made to session {session_id}; no session has been changed."


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Recurrence(Schema):
    """How a session recurs: until a day, or a number of times. Days are days in Hanoi."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "frequency": "weekly",
                "interval": 1,
                "weekdays": ["fr"],
                "until": "2026-12-18",
                "exceptions": ["2026-11-20"],
            }
        ),
    )

    frequency: Frequency
    """By days or by weeks."""
    interval: Annotated[int, Field(ge=1, le=52)] = 1
    """Every so many days or weeks."""
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    """On these days of the week; none: on that of the first session."""
    until: Day | None = None
    """The last day on which there may be one. Either this or `count`."""
    count: Annotated[int, Field(ge=1, le=MAX_SESSIONS)] | None = None
    """How many there are, exceptions included. Either this or `until`."""
    exceptions: Annotated[tuple[Day, ...], Field(max_length=MAX_SESSIONS)] = ()
    """Days that are left out. They count for `count`, as EXDATE does (RFC 5545)."""

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if (self.until is None) == (self.count is None):
            raise ValueError("give either until or count")
        return self

    def days(self, first: date) -> list[date]:
        """The days of the rule, from `first` on. Raises `SeriesEmpty`, `SeriesTooLong`."""
        order, horizon = list(Weekday), first + MAX_LENGTH
        if self.until is not None and self.until > horizon:
            raise SeriesTooLong(most=MAX_SESSIONS)
        found = rrule.rrule(
            rrule.DAILY if self.frequency is Frequency.DAILY else rrule.WEEKLY,
            dtstart=datetime.combine(first, time()),
            interval=self.interval,
            byweekday=[order.index(day) for day in self.weekdays] or None,
            until=datetime.combine(self.until or horizon, time()),  # some rules never match a day
        )
        left_out = set(self.exceptions)
        given = [
            moment.date()
            for moment in islice(found, self.count or MAX_SESSIONS + len(left_out) + 1)
        ]
        days = [day for day in given if day not in left_out]
        if not days:
            raise SeriesEmpty
        if len(days) > MAX_SESSIONS or (self.count is not None and len(given) < self.count):
            raise SeriesTooLong(most=MAX_SESSIONS)
        return days


def occurrences(
    first: SessionFacts, rule: Recurrence, *, open_together: bool
) -> list[SessionFacts]:
    """The facts of each session: those of the first session, moved to its day.

    Registration opens and closes as long before each session as before the first. With
    `open_together` it opens for all sessions at once. Raises `SeriesEmpty`, `SeriesTooLong`.
    """
    begins = local(first.starts_at).date()
    return [_moved(first, day - begins, open_together=open_together) for day in rule.days(begins)]


def _moved(first: SessionFacts, by: timedelta, *, open_together: bool) -> SessionFacts:
    return first.model_copy(
        update={
            "starts_at": first.starts_at + by,
            "ends_at": first.ends_at + by,
            "opens_at": first.opens_at if open_together else first.opens_at + by,
            "closes_at": first.closes_at + by,
        }
    )


def apply_same_change(
    before: SessionFacts, after: SessionFacts, others: Sequence[tuple[UUID, SessionFacts]]
) -> list[SessionFacts]:
    """The other sessions, with the fields changed in which `after` differs from `before`.

    A time moves by the same amount; any other field gets the new value. So what is special in one
    session (a guest host, a longer evening) survives a change to all. Raises `ChangeDoesNotFit`.
    """
    changed = {
        name: getattr(after, name)
        for name in SessionFacts.model_fields
        if getattr(after, name) != getattr(before, name)
    }
    moves = {
        name: value - getattr(before, name)
        for name, value in changed.items()
        if isinstance(value, datetime)
    }
    found = []
    for session_id, facts in others:
        moved = {name: getattr(facts, name) + by for name, by in moves.items()}
        try:
            found.append(SessionFacts.model_validate(facts.model_dump() | changed | moved))
        except (ValidationError, OverflowError) as error:
            raise ChangeDoesNotFit(session_id=session_id) from error
    return found
