"""When a venue is open, by a clock on a wall in Hanoi."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from services.events.programme.venue_settings.rules import Open, VenueSettingsFacts, Weekday
from shared.clock import local

DAY = timedelta(days=1)
_WEEK = list(Weekday)
_MINUTE = timedelta(minutes=1)

Spans = list[tuple[int, int]]  # minutes of a day, half-open, in order


class OpeningHours:
    """One venue's, made ready to be asked often."""

    def __init__(self, facts: VenueSettingsFacts) -> None:
        weekly = sorted(facts.weekly, key=lambda one: _WEEK.index(one.weekday))
        self._weekly = {
            _WEEK.index(weekday): _spans(hours)
            for weekday, hours in groupby(weekly, key=lambda one: one.weekday)
        }
        self._other = {other.day: _spans(other.hours) for other in facts.other_days}

    def closed_minutes(self, starts_at: datetime, ends_at: datetime) -> int:
        """For how many minutes of that time it is closed.

        What runs over more than a day (an exhibition for a week) is there at night as well, so
        only its beginning and its end count: how long before opening it begins, or after closing.
        """
        if not (self._weekly or self._other):
            return 0
        begins, ends = local(starts_at), local(ends_at)
        if ends - begins <= DAY:
            return sum(self._closed(*part) for part in _by_day(begins, ends))
        first, last = begins.date(), (ends - _MINUTE).date()
        arrives, leaves = _minutes(begins, first), _minutes(ends, last)
        opening = min(
            (opens for opens, closes in self._of(first) if closes > arrives), default=1440
        )
        closing = max((closes for opens, closes in self._of(last) if opens < leaves), default=0)
        return max(opening - arrives, 0) + max(leaves - closing, 0)

    def _closed(self, day: date, since: int, until: int) -> int:
        opened = sum(
            max(min(closes, until) - max(opens, since), 0) for opens, closes in self._of(day)
        )
        return until - since - opened

    def _of(self, day: date) -> Spans:
        if day in self._other:
            return self._other[day]
        return self._weekly.get(day.weekday(), []) if self._weekly else [(0, 1440)]


def _spans(hours: Iterable[Open]) -> Spans:
    return sorted((_read(one.opens), _read(one.closes)) for one in hours)


def _read(time_of_day: str) -> int:
    hours, minutes = time_of_day.split(":")
    return int(hours) * 60 + int(minutes)


def _by_day(begins: datetime, ends: datetime) -> list[tuple[date, int, int]]:
    """The parts of a time of at most a day, by the days it touches: (day, from, until)."""
    first, last = begins.date(), (ends - _MINUTE).date()
    if first == last:
        return [(first, _minutes(begins, first), _minutes(ends, first))]
    return [(first, _minutes(begins, first), 1440), (last, 0, _minutes(ends, last))]


def _minutes(moment: datetime, day: date) -> int:
    """Whole minutes since that day began."""
    return (moment.date() - day).days * 1440 + moment.hour * 60 + moment.minute
