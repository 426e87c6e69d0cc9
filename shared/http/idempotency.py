"""`Idempotency-Key`: the same command sent twice is done once and answered alike.

The answer is stored in the transaction that does the thing, so there is no moment at which one
exists without the other. The same key with another body is refused (422). Keys are each caller's
own and are forgotten after two days.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Header, Request
from starlette.responses import Response

from shared.errors import DomainError
from shared.http.principal import Principal
from shared.mongo import ASCENDING, Collection, Document, Index, InsertOne, Tx

ROWS = "idempotency"


def indexes(keep: timedelta) -> list[Index]:
    return [Index(ROWS, [("at", ASCENDING)], expire_after=keep)]


class KeyReused(DomainError):
    status = 422
    code = "idempotency.reused"
    vi = "Idempotency-Key này đã dùng cho một yêu cầu khác."
    en = "This Idempotency-Key was used for another request."


class Reply(NamedTuple):
    """An answer, kept as it was given."""

    status: int
    body: bytes
    headers: dict[str, str]

    def response(self) -> Response:
        return Response(self.body, self.status, self.headers, media_type="application/json")


class Once(NamedTuple):
    """A command's key and the fingerprint of what was asked."""

    person_id: UUID
    key: str
    fingerprint: bytes

    @property
    def row_id(self) -> Document:
        return {"person": self.person_id, "key": self.key}


async def recall(
    rows: Collection, commands: Iterable[Once], tx: Tx
) -> dict[Once, Reply | KeyReused]:
    """What was answered before to those of the commands that were done before."""
    by_row = {(once.person_id, once.key): once for once in commands}
    if not by_row:
        return {}
    wanted = {"_id": {"$in": [once.row_id for once in by_row.values()]}}
    answers: dict[Once, Reply | KeyReused] = {}
    async for row in rows.find(wanted, session=tx.session):
        once = by_row[row["_id"]["person"], row["_id"]["key"]]
        answers[once] = (
            Reply(row["status"], row["body"], row["headers"])
            if row["fingerprint"] == once.fingerprint
            else KeyReused()
        )
    return answers


def remember(rows: Collection, tx: Tx, once: Once, reply: Reply, now: datetime) -> None:
    """Keep the answer, if the transaction commits."""
    row = {"_id": once.row_id, "fingerprint": once.fingerprint, "at": now, **reply._asdict()}
    tx.later(rows, InsertOne(row))


async def once_asked(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=128,
            description="Names this command: sent again with the same key it is not done again.",
        ),
    ] = None,
) -> Once | None:
    if idempotency_key is None:
        return None
    who: Principal = request.scope["principal"]  # the route's access rule ran before
    seen = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    seen.update(await request.body())
    return Once(who.person_id, idempotency_key, seen.digest())


MaybeOnce = Annotated[Once | None, Depends(once_asked)]
