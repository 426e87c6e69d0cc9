"""One command over HTTP: preconditions, idempotency, the rule, one transaction, the answer.

@router.post("/me/submission", response_model=ProfileView)
async def submit(who: SignedIn, profiles: Profiles, execute: Execute) -> Response:
    return await execute(profiles, who.person_id, rules.Submit(), ProfileView.of)
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from shared.aggregates import Aggregate
from shared.clock import Clock
from shared.errors import DomainError, PreconditionFailed, PreconditionRequired
from shared.http import idempotency
from shared.http.idempotency import IdempotencyKey, MaybeIdempotencyKey, Reply
from shared.mongo import Collection, Mongo, Tx

A = TypeVar("A", bound=Aggregate)
C = TypeVar("C")
A_co = TypeVar("A_co", bound=Aggregate, covariant=True)
C_contra = TypeVar("C_contra", contravariant=True)

_ETAG = re.compile(r'\s*(?:W/)?"(\d{1,18})"\s*')


class Performs(Protocol[A_co, C_contra]):
    """A repository, or a service that keeps other stores in step with one."""

    async def perform(
        self, tx: Tx, key: UUID, command: C_contra, now: datetime, *, expects: int | None = None
    ) -> A_co: ...


class CommandExecutor:
    """Carries out a command for a route. One per request; `now` is the moment of the request."""

    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        rows: Collection,
        idempotency_key: IdempotencyKey | None,
        if_match: int | None,
    ) -> None:
        self.now = clock()
        self._mongo = mongo
        self._rows = rows
        self._idempotency_key = idempotency_key
        self._if_match = if_match

    async def __call__(
        self,
        repository: Performs[A, C],
        key: UUID,
        command: C,
        show: Callable[[A], BaseModel],
        *,
        status: int = 200,
        must_match: bool = False,
    ) -> Response:
        """Perform the command on the aggregate, and answer with what `show` makes of its new state.

        `must_match`: the caller must say in If-Match which version they have seen (428 if not).
        """
        if must_match:
            self.version_seen()
        if status == HTTPStatus.CREATED and self._if_match is not None:
            raise PreconditionFailed  # nobody can have seen what is created only now

        async def work(tx: Tx) -> Reply:
            state = await repository.perform(tx, key, command, self.now, expects=self._if_match)
            return reply(show(state), status=status, version=state.version)

        return await self.idempotent(work)

    def version_seen(self) -> int:
        """The version in If-Match. Raises `PreconditionRequired` if there is none."""
        if self._if_match is None:
            raise PreconditionRequired
        return self._if_match

    async def idempotent(self, work: Callable[[Tx], Awaitable[Reply]]) -> Response:
        """Run `work` in a transaction; if its Idempotency-Key is known, send the stored answer."""

        async def recalled(tx: Tx) -> Response:
            if self._idempotency_key is None:
                return (await work(tx)).response()
            before = (await idempotency.recall(self._rows, [self._idempotency_key], tx)).get(
                self._idempotency_key
            )
            if isinstance(before, DomainError):
                raise before
            if before is not None:
                return before.response()
            answer = await work(tx)
            idempotency.remember(self._rows, tx, self._idempotency_key, answer, self.now)
            return answer.response()

        return await self._mongo.transaction(recalled)


def reply(view: BaseModel, *, status: int = 200, version: int | None = None) -> Reply:
    headers = {} if version is None else {"ETag": etag(version)}
    return Reply(status, view.model_dump_json().encode(), headers)


def etag(version: int) -> str:
    return f'"{version}"'


async def _version_seen(
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="The `ETag` that you read; 412 if it has changed."),
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match)
    return int(found[1]) if found else -1  # an ETag that we never gave: no version is -1


async def _executor(
    request: Request,
    idempotency_key: MaybeIdempotencyKey,
    if_match: Annotated[int | None, Depends(_version_seen)],
) -> CommandExecutor:
    state = request.app.state
    rows = state.mongo.collection(idempotency.ROWS)
    return CommandExecutor(state.mongo, state.clock, rows, idempotency_key, if_match)


Execute = Annotated[CommandExecutor, Depends(_executor)]
