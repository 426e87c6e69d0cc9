"""The moment of a request, for routes: `now: Now`.

It is read from the clock that the service was built with, so that tests can set the time. A route
that carries out a command takes `execute.now` instead.
"""

from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from shared.clock import Clock


async def _now(request: Request) -> datetime:
    return cast(Clock, request.app.state.clock)()


Now = Annotated[datetime, Depends(_now)]
"""In UTC, to the millisecond."""
