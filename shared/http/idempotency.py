"""`Idempotency-Key`: a command that is sent twice is done once, and both get the same answer.

The answer is stored in the transaction of the command, so neither exists without the other. The
same key with another body is refused (422). Each caller has keys of their own. They are deleted
after two days.
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
    """An answer as it is sent, and stored."""

    status: int
    body: bytes
    headers: dict[str, str]

    def response(self) -> Response:
        return Response(self.body, self.status, self.headers, media_type="application/json")


class IdempotencyKey(NamedTuple):
    """The key of a command, and the hash of the request."""

    person_id: UUID
    key: str
    fingerprint: bytes

    @property
    def row_id(self) -> Document:
        return {"person": self.person_id, "key": self.key}


async def recall(
    rows: Collection, commands: Iterable[IdempotencyKey], tx: Tx
) -> dict[IdempotencyKey, Reply | KeyReused]:
    """The stored answers of those commands that were done before."""
    by_row = {(given.person_id, given.key): given for given in commands}
    if not by_row:
        return {}
    wanted = {"_id": {"$in": [given.row_id for given in by_row.values()]}}
    answers: dict[IdempotencyKey, Reply | KeyReused] = {}
    async for row in rows.find(wanted, session=tx.session):
        given = by_row[row["_id"]["person"], row["_id"]["key"]]
        answers[given] = (
            Reply(row["status"], row["body"], row["headers"])
            if row["fingerprint"] == given.fingerprint
            else KeyReused()
        )
    return answers


def remember(rows: Collection, tx: Tx, given: IdempotencyKey, reply: Reply, now: datetime) -> None:
    """Store the answer, if the transaction commits."""
    row = {"_id": given.row_id, "fingerprint": given.fingerprint, "at": now, **reply._asdict()}
    tx.at_commit(rows, InsertOne(row))


async def idempotency_key_of(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=128,
            description="Names this command. If it is sent again with the same key, it is not "
            "carried out again: the first answer comes again.",
        ),
    ] = None,
) -> IdempotencyKey | None:
    if idempotency_key is None:
        return None
    who: Principal = request.scope["principal"]  # the route's access rule ran before
    seen = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    seen.update(await request.body())
    return IdempotencyKey(who.person_id, idempotency_key, seen.digest())


MaybeIdempotencyKey = Annotated[IdempotencyKey | None, Depends(idempotency_key_of)]
