from datetime import UTC, datetime, time, timedelta

import pytest

from local.demo.hours import next_start, yesterday
from shared.clock import HANOI, local

MIDNIGHT = datetime(2026, 11, 7, 0, 0, tzinfo=HANOI)


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 17))
def test_a_session_begins_when_people_are_awake(minutes: int) -> None:
    moment = (MIDNIGHT + timedelta(minutes=minutes)).astimezone(UTC)
    start = local(next_start(moment))
    assert time(9) <= start.time() <= time(18)
    assert start.minute in (0, 30)
    assert timedelta(minutes=90) <= start - moment <= timedelta(hours=17)


@pytest.mark.parametrize(
    ("hour", "minute", "start"),
    [
        (3, 40, "07 09:00"),
        (10, 0, "07 11:30"),
        (10, 1, "07 12:00"),
        (16, 30, "07 18:00"),
        (16, 31, "08 09:00"),
        (23, 59, "08 09:00"),
    ],
)
def test_the_first_half_hour_from_then_on(hour: int, minute: int, start: str) -> None:
    moment = MIDNIGHT.replace(hour=hour, minute=minute)
    assert f"{next_start(moment):%d %H:%M}" == start


def test_yesterday_is_meant_as_in_hanoi() -> None:
    early = datetime(2026, 11, 6, 17, 30, tzinfo=UTC)  # half past midnight there
    assert yesterday(early, 14) == datetime(2026, 11, 6, 14, 0, tzinfo=HANOI)
