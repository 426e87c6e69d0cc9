"""Time. Stored in UTC, shown in Hanoi. Rules never read a clock: the moment is handed to them."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7, no daylight saving

Clock = Callable[[], datetime]


def to_millisecond(moment: datetime) -> datetime:
    """Cut to whole milliseconds, which is all that MongoDB keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def now() -> datetime:
    """The present moment, in UTC, to the millisecond."""
    return to_millisecond(datetime.now(UTC))


def local(moment: datetime) -> datetime:
    """The same moment as a clock on a wall in Hanoi shows it."""
    return moment.astimezone(HANOI)
