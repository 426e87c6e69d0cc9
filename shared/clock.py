"""Time. Stored in UTC, shown in Hanoi. Rules never read a clock: the moment is handed to them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import PlainSerializer

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7, no daylight saving

Clock = Callable[[], datetime]

Day = Annotated[date, PlainSerializer(date.isoformat)]
"""A calendar day in Hanoi. Stored as text: MongoDB knows moments, not days."""


def to_millisecond(moment: datetime) -> datetime:
    """Cut to whole milliseconds, which is all that MongoDB keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def now() -> datetime:
    """The present moment, in UTC, to the millisecond."""
    return to_millisecond(datetime.now(UTC))


def local(moment: datetime) -> datetime:
    """The same moment as a clock on a wall in Hanoi shows it."""
    return moment.astimezone(HANOI)
