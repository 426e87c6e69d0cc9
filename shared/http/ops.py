"""Operations: whether a process runs and is ready, its metrics, its dead letters."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import APIRouter, Depends, Query
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import ConfigDict
from starlette.responses import Response

from shared.audit import Audit
from shared.bus.dead_letters import DeadLetter, DeadLetters
from shared.errors import NotFound
from shared.http.access import anyone, requires
from shared.http.now import Now
from shared.http.problems import problems
from shared.http.provided import provided
from shared.roles import Role
from shared.schema import Schema, example

Check = Callable[[], Awaitable[None]]
"""Returns if one part of the process works; raises if it does not."""


class Liveness(Schema):
    """A process that runs."""

    alive: Literal[True] = True
    """Always true: a process that does not run does not answer."""


class Readiness(Schema):
    """Whether a process can take requests."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"ready": True, "checks": {"mongodb": "ok", "rabbitmq": "ok", "relay": "ok"}}
        )
    )

    ready: bool
    """True if every part of it works."""
    checks: dict[str, str]
    """What each part says (MongoDB, RabbitMQ, the relay, …): `ok`, or what is wrong."""


class Health:
    """What must work in this process before it is sent requests."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self.draining = False

    async def check(self) -> Readiness:
        names = list(self._checks)
        found = await asyncio.gather(*(self._ask(self._checks[name]) for name in names))
        checks = dict(zip(names, found, strict=True))
        if self.draining:
            checks["process"] = "draining"
        return Readiness(ready=all(text == "ok" for text in checks.values()), checks=checks)

    async def _ask(self, check: Check) -> str:
        try:
            async with asyncio.timeout(2):
                await check()
        except TimeoutError:
            return "no answer in 2 s"
        except Exception as error:  # noqa: BLE001 - any error means that the part does not work
            return str(error)[:200] or type(error).__name__
        return "ok"


router = APIRouter(tags=["operations"])
TheHealth = Annotated[Health, Depends(provided(Health))]
TheDeadLetters = Annotated[DeadLetters, Depends(provided(DeadLetters))]
TheAudit = Annotated[Audit, Depends(provided(Audit))]
admin = Depends(requires(Role.ADMIN))


@router.get("/healthz", dependencies=[anyone])
async def read_liveness() -> Liveness:
    """Whether the process runs. This says nothing of what it depends on."""
    return Liveness()


@router.get("/readyz", dependencies=[anyone], responses={503: {"model": Readiness}})
async def read_readiness(health: TheHealth, response: Response) -> Readiness:
    """Whether this process can take requests; if not, which part of it does not work."""
    found = await health.check()
    response.status_code = 200 if found.ready else 503
    return found


@router.get("/metrics", dependencies=[anyone], include_in_schema=False)
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/admin/dead-letters", dependencies=[admin], responses=problems(NotFound))
async def list_dead_letters(
    letters: TheDeadLetters,
    queue: Annotated[str | None, Query(description="Only those of this queue.")] = None,
) -> list[DeadLetter]:
    """Dead letters: the oldest 100 of each queue, or of one."""
    if queue is not None and queue not in letters.queues:
        raise NotFound
    found = [await letters.list(name) for name in letters.queues if queue in (None, name)]
    return [letter for several in found for letter in several]


@router.get("/admin/dead-letters/{letter_id}", dependencies=[admin], responses=problems(NotFound))
async def show_dead_letter(letter_id: str, letters: TheDeadLetters) -> DeadLetter:
    """One dead letter, with the message as it came."""
    found = await letters.show(letter_id)
    if found is None:
        raise NotFound
    return found


@router.post(
    "/admin/dead-letters/{letter_id}/redrive",
    dependencies=[admin],
    status_code=204,
    responses=problems(NotFound),
)
async def redrive_dead_letter(
    letter_id: str, letters: TheDeadLetters, trail: TheAudit, now: Now
) -> None:
    """Put a dead letter back into its queue, to be tried again."""
    await _record("dead_letter.redrive", letter_id, letters, trail, now)
    if not await letters.redrive(lambda letter: letter.letter_id == letter_id):
        raise NotFound


@router.delete(
    "/admin/dead-letters/{letter_id}",
    dependencies=[admin],
    status_code=204,
    responses=problems(NotFound),
)
async def discard_dead_letter(
    letter_id: str, letters: TheDeadLetters, trail: TheAudit, now: Now
) -> None:
    """Delete a dead letter."""
    await _record("dead_letter.discard", letter_id, letters, trail, now)
    if not await letters.discard(lambda letter: letter.letter_id == letter_id):
        raise NotFound


async def _record(
    action: str, letter_id: str, letters: DeadLetters, trail: Audit, now: datetime
) -> None:
    """Write it into the audit trail. Raises `NotFound` if there is no such letter."""
    if await letters.show(letter_id) is None:
        raise NotFound
    try:
        key = UUID(letter_id)  # the id of an event, or 32 digits of a hash
    except ValueError:
        key = uuid5(NAMESPACE_OID, letter_id)
    await trail.record_alone(action, "dead_letter", key, now)
