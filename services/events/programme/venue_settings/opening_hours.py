"""When a venue is open, in Hanoi's local time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from services.events.programme.venue_settings.rules import DailyHours, VenueSettingsFacts, Weekday
from shared.clock import local

DAY = timedelta(days=1)
_WEEK = list(Weekday)
_MINUTE = timedelta(minutes=1)

MinuteSpans = list[tuple[int, int]]  # minutes since midnight, half-open, in order


class OpeningHours:
    """The opening hours of one venue, prepared for many look-ups."""

    def __init__(self, facts: VenueSettingsFacts) -> None:
        weekly = sorted(facts.weekly, key=lambda one: _WEEK.index(one.weekday))
        self._weekly = {
            _WEEK.index(weekday): _spans(hours)
            for weekday, hours in groupby(weekly, key=lambda one: one.weekday)
        }
        self._special = {other.day: _spans(other.hours) for other in facts.other_days}

    def closed_minutes(self, starts_at: datetime, ends_at: datetime) -> int:
        """For how many minutes of that time the venue is closed.

        A session of more than a day (an exhibition of a week) may stay at night. Only its start and
        end count: how long before opening time it starts, and how long after closing time it ends.
        """
        if not (self._weekly or self._special):
            return 0
        starts, ends = local(starts_at), local(ends_at)
        if ends - starts <= DAY:
            return sum(self._closed(*part) for part in _by_day(starts, ends))
        first, last = starts.date(), (ends - _MINUTE).date()
        start, end = _minutes(starts, first), _minutes(ends, last)
        opening = min((opens for opens, closes in self._of(first) if closes > start), default=1440)
        closing = max((closes for opens, closes in self._of(last) if opens < end), default=0)
        return max(opening - start, 0) + max(end - closing, 0)

    def _closed(self, day: date, since: int, until: int) -> int:
        opened = sum(
            max(min(closes, until) - max(opens, since), 0) for opens, closes in self._of(day)
        )
        return until - since - opened

    def _of(self, day: date) -> MinuteSpans:
        if day in self._special:
            return self._special[day]
        return self._weekly.get(day.weekday(), []) if self._weekly else [(0, 1440)]


def _spans(hours: Iterable[DailyHours]) -> MinuteSpans:
    return sorted((_minute_of_day(one.opens), _minute_of_day(one.closes)) for one in hours)


def _minute_of_day(time_of_day: str) -> int:
    hours, minutes = time_of_day.split(":")
    return int(hours) * 60 + int(minutes)


def _by_day(starts: datetime, ends: datetime) -> list[tuple[date, int, int]]:
    """Split a time of at most 24 hours at midnight: (day, from minute, until minute)."""
    first, last = starts.date(), (ends - _MINUTE).date()
    if first == last:
        return [(first, _minutes(starts, first), _minutes(ends, first))]
    return [(first, _minutes(starts, first), 1440), (last, 0, _minutes(ends, last))]


def _minutes(moment: datetime, day: date) -> int:
    """Whole minutes since the midnight at which that day began."""
    return (moment.date() - day).days * 1440 + moment.hour * 60 + moment.minute
