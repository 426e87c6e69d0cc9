"""How routes get what the composition root built: by type.

Profiles = Annotated[ProfileStore, Depends(provided(ProfileStore))]
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from fastapi import Request

T = TypeVar("T")


def provided(kind: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency that yields the service's one object of that type."""

    async def find(request: Request) -> T:
        return cast(T, request.app.state.provided[kind])

    return find
