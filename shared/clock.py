"""Time: stored in UTC, shown in Hanoi's time. Rules read no clock: the moment is an argument."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, PlainSerializer

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7, no daylight saving

Clock = Callable[[], datetime]

Day = Annotated[date, PlainSerializer(date.isoformat)]
"""A calendar day in Hanoi. Stored as text, since MongoDB has no type for a day."""


def to_millisecond(moment: datetime) -> datetime:
    """Cut to whole milliseconds, which is all that MongoDB keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _moment(value: datetime) -> datetime:
    if not 2000 <= value.year < 2200:
        raise ValueError("not in the years 2000 to 2199")
    return to_millisecond(value.astimezone(UTC))


Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
"""A moment from outside: with a time zone, in the years 2000 to 2199 (some formats that we write
have no others). Stored in UTC, to the millisecond, however it was written."""


def now() -> datetime:
    """The present moment, in UTC, to the millisecond."""
    return to_millisecond(datetime.now(UTC))


def local(moment: datetime) -> datetime:
    """The same moment in Hanoi's time."""
    return moment.astimezone(HANOI)
