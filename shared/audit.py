"""The audit trail: who of the staff did what, to what, when and why.

A row per deed of somebody who acts under a role (an organiser, a gate, an administrator), written
in the transaction of the deed: there is no deed without its row and no row without its deed. What
is refused leaves none, what participants do with their own things leaves none, and a command that
is sent again under its key leaves no second.

    {_id, at, by, role, deed: "session.publish", on: {kind, id}, version, changed, reason,
     correlation_id}

`changed` names fields and never says what stood in them. Rows are written and read, nothing else:
there is no code that changes or deletes one, and they do not expire.
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
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._rows = mongo.collection(ROWS)

    def record(
        self,
        tx: Tx,
        deed: str,
        kind: str,
        key: UUID,
        now: datetime,
        *,
        version: int | None = None,
        changed: Sequence[str] = (),
        reason: str | None = None,
        cause: Cause | None = None,
    ) -> None:
        """Note this deed if staff do it, and if the transaction commits.

        `deed` is `<kind>.<command>`; `kind` and `key` say what it was done to, `version` is what
        that has after it. Whoever does it stands in the cause: the present one unless given (the
        registration desk does what many have asked for, each in their own name).
        """
        cause = cause or current_cause()
        if cause.actor is None:
            return
        row = {
            "_id": new_id(),
            "at": now,
            "by": cause.actor.person_id,
            "role": cause.actor.role.value,
            "deed": deed,
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
        """Note that this command made this state of that one; both have `id` and `version`."""
        if (cause or current_cause()).actor is None:
            return
        if before is not None and after.version == before.version:
            return  # nothing came of it
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

    async def record_alone(self, deed: str, kind: str, key: UUID, now: datetime) -> None:
        """Note what staff are about to do where no transaction reaches: at the broker, or on the
        way out of the house. Rather a row too many than one too few."""

        async def work(tx: Tx) -> None:
            self.record(tx, deed, kind, key, now)

        await self._mongo.transaction(work)

    async def read(
        self, page: PageRequest, *, on: UUID | None, by: UUID | None, since: datetime | None
    ) -> tuple[list[Document], str | None]:
        """The rows of which all that is given is true, the newest first."""
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
    """Why they did it, if the command says so: its `reason`, or that of its `override`."""
    given = getattr(command, "reason", None) or getattr(
        getattr(command, "override", None), "reason", None
    )
    text = given.vi if isinstance(given, Localized) else given
    return text if isinstance(text, str) else None


def changes(before: object, after: object) -> list[str]:
    """The names of the fields that differ; of facts within facts: `facts.capacity`."""
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
