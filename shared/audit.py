"""The audit trail: which member of staff did what, to what, when and why.

Each action of somebody in a role (an organiser, gate staff, an administrator) adds one row, in the
transaction of the action. So there is no action without a row and no row without an action. Not
recorded: what was refused, what participants do with their own things, and a command that is sent
again with the same Idempotency-Key.

    {_id, at, by, role, action: "session.publish", on: {kind, id}, version, changed, reason,
     correlation_id}

`changed` holds names of fields, never their values. No code changes or deletes a row, and rows do
not expire.
"""

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.cause import Cause, current_cause
from shared.http.paging import PageRequest, read_page
from shared.ids import new_id
from shared.mongo import ASCENDING, DESCENDING, Document, Index, InsertOne, Mongo, Tx
from shared.text import Localized

ROWS = "audit"
NEWEST = [("at", DESCENDING), ("_id", DESCENDING)]

INDEXES = [
    Index(ROWS, NEWEST),
    Index(ROWS, [("on.id", ASCENDING), *NEWEST]),
    Index(ROWS, [("by", ASCENDING), *NEWEST]),
]

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class Audit:
    """Writes and reads the rows."""

    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._rows = mongo.collection(ROWS)

    def record(
        self,
        tx: Tx,
        action: str,
        kind: str,
        key: UUID,
        now: datetime,
        *,
        version: int | None = None,
        changed: Sequence[str] = (),
        reason: str | None = None,
        cause: Cause | None = None,
    ) -> None:
        """Record this action, if staff did it and the transaction commits.

        `action` is `<kind>.<command>`. `kind` and `key` say what it was done to, `version` is the
        version of that after the action. `cause` says who did it. It is the present cause unless
        given; the booking service gives it, since it works for many callers at once.
        """
        cause = cause or current_cause()
        if cause.actor is None:
            return
        row = {
            "_id": new_id(),
            "at": now,
            "by": cause.actor.person_id,
            "role": cause.actor.role.value,
            "action": action,
            "on": {"kind": kind, "id": key},
            "version": version,
            "changed": list(changed),
            "reason": reason,
            "correlation_id": cause.correlation_id,
        }
        self._write(tx, row)

    def command(
        self,
        tx: Tx,
        command: object,
        before: Any | None,
        after: Any,
        now: datetime,
        cause: Cause | None = None,
    ) -> None:
        """Record a command that turned the state `before` into `after`, if staff sent it.

        Both states have `id` and `version`.
        """
        if (cause or current_cause()).actor is None:
            return
        if before is not None and after.version == before.version:
            return  # nothing has changed
        kind = snake(type(after).__name__)
        self.record(
            tx,
            f"{kind}.{snake(type(command).__name__)}",
            kind,
            after.id,
            now,
            version=after.version,
            changed=() if before is None else changes(before, after),
            reason=reason(command),
            cause=cause,
        )

    async def record_alone(self, action: str, kind: str, key: UUID, now: datetime) -> None:
        """Record what staff are about to do outside a transaction, such as a download.

        Call it before the action: a row without its action is better than an action without a row.
        """

        async def work(tx: Tx) -> None:
            self.record(tx, action, kind, key, now)

        await self._mongo.transaction(work)

    async def read(
        self, page: PageRequest, *, on: UUID | None, by: UUID | None, since: datetime | None
    ) -> tuple[list[Document], str | None]:
        """The rows that match everything that is given, the newest first."""
        query: Document = {}
        if on is not None:
            query["on.id"] = on
        if by is not None:
            query["by"] = by
        if since is not None:
            query["at"] = {"$gte": since}
        return await read_page(self._rows, query, NEWEST, page)

    def _write(self, tx: Tx, row: Document) -> None:
        tx.at_commit(self._rows, InsertOne(row))


def snake(name: str) -> str:
    """`ResizePool` → `resize_pool`."""
    return _CAPITAL.sub("_", name).lower()


def reason(command: object) -> str | None:
    """Why they did it: the `reason` of the command or of its `override`, if it has one."""
    given = getattr(command, "reason", None) or getattr(
        getattr(command, "override", None), "reason", None
    )
    text = given.vi if isinstance(given, Localized) else given
    return text if isinstance(text, str) else None


def changes(before: object, after: object) -> list[str]:
    """The names of the fields that differ; inside a nested object, such as `facts.capacity`."""
    found = []
    for name in _names(after):
        old, new = getattr(before, name), getattr(after, name)
        if old == new or name == "version":
            continue
        within = _names(new) if type(old) is type(new) else []
        found += [f"{name}.{part}" for part in within if getattr(old, part) != getattr(new, part)]
        if not within:
            found.append(name)
    return found


def _names(state: object) -> list[str]:
    if isinstance(state, BaseModel):
        return list(type(state).model_fields)
    if is_dataclass(state):
        return [field.name for field in fields(state)]
    return []
