"""Who may call what: every route of a service's OpenAPI document, tried by everybody."""

import re
from contextlib import AsyncExitStack

import httpx

from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running

NOBODY = "nobody"  # no token
PERSON = "person"  # signed in, with no job on the platform

SIGNED_IN = frozenset({PERSON, *map(str, Role)})
EVERYBODY = SIGNED_IN | {NOBODY}


def only(*roles: Role) -> frozenset[str]:
    return frozenset(map(str, roles))


OPERATIONS = {
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /admin/dead-letters": only(Role.ADMIN),
    "GET /admin/dead-letters/{letter_id}": only(Role.ADMIN),
    "POST /admin/dead-letters/{letter_id}/redrive": only(Role.ADMIN),
    "DELETE /admin/dead-letters/{letter_id}": only(Role.ADMIN),
    "GET /v1/audit": only(Role.ADMIN),
}


async def who_may(running: Running) -> dict[str, frozenset[str]]:
    """For each operation, those who are not told to sign in (401) or to go away (403).

    Requests carry no body and ids of nothing, so those who may are told 404, 422 or the like.
    """
    found: dict[str, frozenset[str]] = {}
    async with AsyncExitStack() as stack:
        callers = {NOBODY: running.anonymous(), PERSON: running.as_()}
        callers |= {str(role): running.as_(role) for role in Role}
        for client in callers.values():
            await stack.enter_async_context(client)
        for path, operations in running.process.app.openapi()["paths"].items():
            for method in operations:
                route = f"{method.upper()} {path}"
                found[route] = frozenset(
                    [name for name, client in callers.items() if await _may(client, method, path)]
                )
    return found


async def _may(client: httpx.AsyncClient, method: str, path: str) -> bool:
    address = re.sub(r"\{\w+\}", lambda _: str(new_id()), path)
    answer = await client.request(method, address)
    # 503 is what /readyz says of a service that is not all there.
    assert answer.status_code < 500 or path == "/readyz", f"{method} {path}: {answer.text}"
    return answer.status_code not in (401, 403)
