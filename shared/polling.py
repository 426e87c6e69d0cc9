"""Work that is looked for again and again: what has expired, what is still to be told.

Every replica makes its rounds; which of them does the work is decided where the work is written.
"""

from collections.abc import Awaitable, Callable

import structlog

from shared.mongo import MongoError
from shared.stop import Stop

log = structlog.get_logger(__name__)


async def poll(look: Callable[[], Awaitable[bool]], *, every: float, stop: Stop, what: str) -> None:
    """Call `look` each `every` seconds until told to stop; at once again while it says True.

    True means that there may be more. A database that does not answer is asked again later.
    """
    while not stop.is_set():
        more = False
        try:
            more = await look()
        except MongoError as error:
            log.warning("poll.store_unreachable", what=what, error=type(error).__name__)
        if not more:
            await stop.within(every)
