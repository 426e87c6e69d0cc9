"""How a long-running loop learns that it should end."""

import asyncio
from contextlib import suppress


class Stop(asyncio.Event):
    """Set once, when the process was asked to end. Loops finish what they hold, then return."""

    async def within(self, seconds: float) -> bool:
        """Sleep, but wake at once when the end was asked for; True if it was."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wait()
        return self.is_set()
