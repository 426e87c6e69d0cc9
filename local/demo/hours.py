"""When the demo's sessions are: at hours when people are awake, whenever it is played."""

from datetime import datetime, time, timedelta

from shared.clock import HANOI, local

OPENS = time(9)
LAST_START = time(18)  # a session of two hours may still move by one


def next_start(now: datetime) -> datetime:
    """The first full or half hour, 90 minutes from now or later, at which a session may begin."""
    soon = local(now) + timedelta(minutes=90)
    start = soon.replace(minute=0, second=0, microsecond=0)
    while start < soon:
        start += timedelta(minutes=30)
    if start.time() > LAST_START:
        start = _at(start, OPENS, days=1)
    return max(start, _at(start, OPENS))


def yesterday(now: datetime, hour: int) -> datetime:
    """That full hour of the day before."""
    return _at(local(now), time(hour), days=-1)


def _at(day: datetime, moment: time, days: int = 0) -> datetime:
    return datetime.combine(day.date() + timedelta(days=days), moment, HANOI)
