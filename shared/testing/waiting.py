"""Waiting until something has happened, up to a deadline; never a fixed sleep."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Late(AssertionError):
    """It did not happen in time."""


async def eventually(
    look: Callable[[], Awaitable[T]], what: str, *, seconds: float = 20, every: float = 0.02
) -> T:
    """The result of `look`, as soon as it is true. Raises `Late` with the last result."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        found = await look()
        if found:
            return found
        if loop.time() > deadline:
            raise Late(f"waited {seconds:g} s for {what}; last seen: {found!r}")
        await asyncio.sleep(every)
