"""Who may call a route, declared on the route. One with no declaration fails the build.

    Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]

    @router.post("/editions")
    async def create(body: ..., who: Organiser): ...

    @router.get("/editions", dependencies=[anyone])
    async def browse(): ...

Ownership is a dependency too: it takes the `SignedIn` principal, loads the thing, and answers 404
for somebody else's.
"""

from typing import Annotated, cast

import structlog
from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from shared.cause import Actor, set_actor
from shared.errors import Forbidden, Unauthenticated
from shared.http.keys import Verifier
from shared.http.principal import Principal
from shared.roles import Role


class Access:
    """A route's access rule. Any of `roles` will do; none: whoever is signed in."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles

    async def __call__(self, request: Request) -> Principal:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        verifier = cast(Verifier, request.app.state.verifier)
        who = await verifier.verify(token.strip())
        if self.roles and not acts_as(who, *self.roles):
            raise Forbidden
        structlog.contextvars.bind_contextvars(person_id=str(who.person_id))
        request.scope["principal"] = who
        return who


class Anyone:
    """An access rule: no token is asked for, and none is looked at."""

    async def __call__(self, _: Request) -> Principal | None:
        return None


class AnyoneKnown(Anyone):
    """An access rule: no token is asked for, but one that is shown says who comes."""

    _known = Access(frozenset())

    async def __call__(self, request: Request) -> Principal | None:
        if "authorization" not in request.headers:
            return None
        return await self._known(request)


def acts_as(who: Principal, *roles: Role) -> bool:
    """True if they hold one of these roles; what they do from here on is staff's, and audited.

    For routes where a person may do something with their own things, and staff with any: ask it
    once it is clear that the thing is somebody else's.
    """
    held = sorted(who.roles.intersection(roles))
    if not held:
        return False
    set_actor(Actor(who.person_id, held[0]))
    return True


def requires(*roles: Role) -> Access:
    """Whoever holds one of these roles."""
    return Access(frozenset(roles))


anyone = Depends(Anyone())
Visitor = Annotated[Principal | None, Depends(AnyoneKnown())]
"""Whoever comes, and who they are if they say so: staff may see drafts that others do not."""

SignedIn = Annotated[Principal, Depends(requires())]


def access_rules(dependant: Dependant) -> list[Access | Anyone]:
    """The access rules that a route declares, its sub-dependencies' included."""
    here = [dependant.call] if isinstance(dependant.call, (Access, Anyone)) else []
    return here + [rule for part in dependant.dependencies for rule in access_rules(part)]
