"""The audit trail: what staff of this service did, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict

from shared.audit import Audit
from shared.clock import Moment
from shared.http.access import requires
from shared.http.paging import BadCursor, Page, Paging
from shared.http.problems import problems
from shared.http.provided import provided
from shared.roles import Role
from shared.schema import Schema, example

router = APIRouter(prefix="/v1/audit", tags=["audit"])
TheAudit = Annotated[Audit, Depends(provided(Audit))]


class AuditSubject(Schema):
    """What something was done to."""

    model_config = ConfigDict(
        json_schema_extra=example({"kind": "session", "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24"})
    )

    kind: str
    """What kind of thing it is, such as `session`."""
    id: UUID


class AuditRow(Schema):
    """What somebody did in a role."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "at": "2026-11-06T02:00:00Z",
                "by": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "role": "organiser",
                "action": "session.cancel",
                "on": {"kind": "session", "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24"},
                "version": 4,
                "changed": ["cancelled"],
                "reason": "Bão số 9",
                "correlation_id": "0199f3a2-a713-7e5f-b1d9-63f9c8ba1e47",
            }
        )
    )

    at: Moment
    """When it was done: RFC 3339, in UTC."""
    by: UUID
    """Who did it: a person's id in the registry."""
    role: Role
    """The role in which they did it."""
    action: str
    """What was done: `<kind>.<command>`, such as `session.publish`."""
    on: AuditSubject
    """What it was done to."""
    version: int | None
    """The version of the thing afterwards."""
    changed: list[str]
    """The names of the fields that changed, without their values."""
    reason: str | None
    """Why, where a reason was asked for."""
    correlation_id: str
    """`X-Request-ID` of the request; its events and logs have it too."""


@router.get("", dependencies=[Depends(requires(Role.ADMIN))], responses=problems(BadCursor))
async def list_audit_rows(
    trail: TheAudit,
    page: Paging,
    on: Annotated[UUID | None, Query(description="The id of what it was done to.")] = None,
    by: Annotated[UUID | None, Query(description="Who did it.")] = None,
    since: Annotated[Moment | None, Query(description="What was done from then on.")] = None,
) -> Page[AuditRow]:
    """What staff of this service did, the latest first.

    Only for administrators, so that nobody checks their own work.
    """
    rows, following = await trail.read(page, on=on, by=by, since=since)
    return Page(items=[AuditRow.model_validate(row) for row in rows], next=following)
