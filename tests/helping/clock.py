"""Time, moved by hand."""

from datetime import datetime, timedelta

from shared.clock import to_millisecond
from shared.testing.running import Running


class StandingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = to_millisecond(at)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at = to_millisecond(self.at + timedelta(**by))


def clock_of(running: Running) -> StandingClock:
    """The clock that a service was started with."""
    clock = running.platform.clock
    assert isinstance(clock, StandingClock)
    return clock
