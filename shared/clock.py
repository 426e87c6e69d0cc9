"""Time. Stored in UTC, shown in Hanoi. Rules never read a clock: the moment is handed to them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, PlainSerializer

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7, no daylight saving

Clock = Callable[[], datetime]

Day = Annotated[date, PlainSerializer(date.isoformat)]
"""A calendar day in Hanoi. Stored as text: MongoDB knows moments, not days."""


def to_millisecond(moment: datetime) -> datetime:
    """Cut to whole milliseconds, which is all that MongoDB keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _moment(value: datetime) -> datetime:
    if not 2000 <= value.year < 2200:
        raise ValueError("not a moment of these times")
    return to_millisecond(value.astimezone(UTC))


Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
"""A moment from outside: with a time zone, in the years 2000 to 2199 (not every clock on the way
can tell others). Kept in UTC, to the millisecond, so that it is the same however it was written."""


def now() -> datetime:
    """The present moment, in UTC, to the millisecond."""
    return to_millisecond(datetime.now(UTC))


def local(moment: datetime) -> datetime:
    """The same moment as a clock on a wall in Hanoi shows it."""
    return moment.astimezone(HANOI)
