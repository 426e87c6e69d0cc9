"""How a loop that runs for long learns that it should end."""

import asyncio
from contextlib import suppress


class Stop(asyncio.Event):
    """Set once, when the process is asked to end. Loops then finish their work and return."""

    async def sleep(self, seconds: float) -> bool:
        """Sleep for so long, or until the process is asked to end. Returns True if it was asked."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wait()
        return self.is_set()
