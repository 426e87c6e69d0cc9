"""How routes get what the composition root built: by its type.

    AllProfiles = Annotated[Profiles, Depends(provided(Profiles))]

A service does not start if a route asks for a type that nobody provides (`check_provided`, app.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from fastapi import Request
from fastapi.dependencies.models import Dependant

T = TypeVar("T")


@dataclass(frozen=True)
class Provided(Generic[T]):
    """A dependency: the one object of this type in the service."""

    kind: type[T]

    async def __call__(self, request: Request) -> T:
        return cast(T, request.app.state.provided[self.kind])


def provided(kind: type[T]) -> Provided[T]:
    """For a route's `Depends(…)`: the object of this type that `app.py` put into `provides`."""
    return Provided(kind)


def asked_for(dependant: Dependant) -> Iterator[type]:
    """The types that a route asks for, those of its sub-dependencies too."""
    if isinstance(dependant.call, Provided):
        yield dependant.call.kind
    for part in dependant.dependencies:
        yield from asked_for(part)
