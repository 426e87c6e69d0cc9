"""A series: one session that recurs, planned as so many ordinary sessions.

The rule is a part of RFC 5545's RRULE: FREQ, INTERVAL, BYDAY, and UNTIL or COUNT, less the days
of EXDATE. Days and times of day are Hanoi's; there is no daylight saving.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated, Self
from uuid import UUID

from dateutil import rrule  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.events.programme.sessions.rules import SessionFacts
from services.events.programme.venue_settings.rules import Weekday
from shared.clock import Day, local
from shared.errors import Conflict, NotFound

MOST = 400  # sessions of one series
LONGEST = timedelta(days=3 * 366)  # from its first session to its last


class SeriesUnknown(NotFound):
    code = "series.unknown"
    vi = "Không tìm thấy chuỗi phiên này."
    en = "There is no such series."


class SeriesEmpty(Conflict):
    code = "series.empty"
    vi = "Quy tắc lặp này không cho ngày nào."
    en = "This rule of recurrence gives no day at all."


class SeriesTooLong(Conflict):
    code = "series.too_long"
    vi = "Một chuỗi có nhiều nhất {most} phiên, trong nhiều nhất ba năm."
    en = "A series has at most {most} sessions, within three years."


class NotInSeries(Conflict):
    code = "session.not_in_series"
    vi = "Phiên này không thuộc chuỗi nào."
    en = "This session is not part of a series."


class DoesNotFit(Conflict):
    code = "series.does_not_fit"
    vi = "Thay đổi này không áp dụng được cho phiên {session_id}; chưa phiên nào được sửa."
    en = "The change does not fit session {session_id}; none has been changed."


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Recurrence(BaseModel):
    """`interval`: every so many days or weeks. Either `until` (a day, included) or `count`.

    `exceptions` are left out afterwards: they count, as EXDATE does.
    """

    model_config = ConfigDict(frozen=True)

    frequency: Frequency
    interval: Annotated[int, Field(ge=1, le=52)] = 1
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()  # none: the first one's
    until: Day | None = None
    count: Annotated[int, Field(ge=1, le=MOST)] | None = None
    exceptions: Annotated[tuple[Day, ...], Field(max_length=MOST)] = ()

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if (self.until is None) == (self.count is None):
            raise ValueError("give either until or count")
        return self

    def days(self, first: date) -> list[date]:
        """The days it gives, from `first` on. Raises `SeriesEmpty`, `SeriesTooLong`."""
        order, horizon = list(Weekday), first + LONGEST
        if self.until is not None and self.until > horizon:
            raise SeriesTooLong(most=MOST)
        found = rrule.rrule(
            rrule.DAILY if self.frequency is Frequency.DAILY else rrule.WEEKLY,
            dtstart=datetime.combine(first, time()),
            interval=self.interval,
            byweekday=[order.index(day) for day in self.weekdays] or None,
            until=datetime.combine(self.until or horizon, time()),  # some rules never match a day
        )
        left_out = set(self.exceptions)
        given = [moment.date() for moment in islice(found, self.count or MOST + len(left_out) + 1)]
        days = [day for day in given if day not in left_out]
        if not days:
            raise SeriesEmpty
        if len(days) > MOST or (self.count is not None and len(given) < self.count):
            raise SeriesTooLong(most=MOST)
        return days


def occurrences(
    first: SessionFacts, rule: Recurrence, *, open_together: bool
) -> list[SessionFacts]:
    """The facts of each session: those of the first, moved to its day.

    Registration closes as long before each as before the first; it opens so too, or for all at
    once (`open_together`). Raises `SeriesEmpty`, `SeriesTooLong`.
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


def alike(
    before: SessionFacts, after: SessionFacts, others: Sequence[tuple[UUID, SessionFacts]]
) -> list[SessionFacts]:
    """The others, each changed in what `after` changes in `before`, and in nothing else.

    What is a moment moves by as much; anything else becomes the same. So what is particular to one
    session (a guest host, a longer evening) survives a change to all. Raises `DoesNotFit`.
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
            raise DoesNotFit(session_id=session_id) from error
    return found
