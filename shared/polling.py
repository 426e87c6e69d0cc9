"""Work that is looked for again and again, such as offers that have expired.

Every replica looks. The transaction that writes the work decides which of them does it.
"""

from collections.abc import Awaitable, Callable

import structlog

from shared.mongo import MongoError
from shared.stop import Stop

log = structlog.get_logger(__name__)


async def poll(work: Callable[[], Awaitable[bool]], *, every: float, stop: Stop, what: str) -> None:
    """Call `work` every so many seconds, until `stop` is set.

    `work` returns True if there may be more to do; then it is called again at once. If the database
    does not answer, it is called again later. `what` names the work in the log.
    """
    while not stop.is_set():
        more = False
        try:
            more = await work()
        except MongoError as error:
            log.warning("poll.store_unreachable", what=what, error=type(error).__name__)
        if not more:
            await stop.sleep(every)
