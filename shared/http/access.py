"""Who may call a route, declared on the route. A service with a route that declares nothing does
not start.

    Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]

    @router.post("/editions")
    async def create(body: ..., who: Organiser): ...

    @router.get("/editions", dependencies=[anyone])
    async def browse(): ...

Ownership is a dependency too: it takes the `SignedIn` principal, loads the thing, and answers 404
if it belongs to somebody else.
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
    """An access rule: the caller is signed in and has one of `roles`, if any are given."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles

    async def __call__(self, request: Request) -> Principal:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        verifier = cast(Verifier, request.app.state.verifier)
        who = await verifier.verify(token.strip())
        if self.roles and not use_role(who, *self.roles):
            raise Forbidden
        structlog.contextvars.bind_contextvars(person_id=str(who.person_id))
        request.scope["principal"] = who
        return who


class Anyone:
    """An access rule: everybody may call; a token is not even read."""

    async def __call__(self, _: Request) -> Principal | None:
        return None


class OptionalSignIn(Anyone):
    """An access rule: everybody may call; a token, if there is one, says who it is."""

    _known = Access(frozenset())

    async def __call__(self, request: Request) -> Principal | None:
        if "authorization" not in request.headers:
            return None
        return await self._known(request)


def use_role(who: Principal, *roles: Role) -> bool:
    """True if they have one of these roles. From here on they act as staff, so the audit trail
    records what they do.

    For routes where a person may act on their own things, and staff on all: call it only once it is
    known that the thing belongs to somebody else.
    """
    held = sorted(who.roles.intersection(roles))
    if not held:
        return False
    set_actor(Actor(who.person_id, held[0]))
    return True


def requires(*roles: Role) -> Access:
    """An access rule: the caller has one of these roles."""
    return Access(frozenset(roles))


anyone = Depends(Anyone())
MaybeSignedIn = Annotated[Principal | None, Depends(OptionalSignIn())]
"""The caller, or None if they are not signed in. For routes that show more to staff."""

SignedIn = Annotated[Principal, Depends(requires())]


def access_rules(dependant: Dependant) -> list[Access | Anyone]:
    """The access rules that a route declares, its sub-dependencies' included."""
    here = [dependant.call] if isinstance(dependant.call, (Access, Anyone)) else []
    return here + [rule for part in dependant.dependencies for rule in access_rules(part)]
