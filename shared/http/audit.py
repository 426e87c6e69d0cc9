"""What administrators ask the audit trail (see shared/audit.py). Every service has one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from shared.audit import Audit
from shared.clock import Moment
from shared.http.access import requires
from shared.http.paging import BadCursor, Page, Paging
from shared.http.problems import problems
from shared.http.provided import provided
from shared.roles import Role

router = APIRouter(prefix="/v1/audit", tags=["audit"])
TheAudit = Annotated[Audit, Depends(provided(Audit))]


class AuditSubject(BaseModel):
    kind: str
    id: UUID


class AuditRow(BaseModel):
    """What somebody did in a role. `changed` names fields, never their values."""

    at: Moment
    by: UUID
    role: Role
    action: str  # `<kind>.<command>`, such as "session.publish"
    on: AuditSubject
    version: int | None  # of the thing, afterwards
    changed: list[str]
    reason: str | None
    correlation_id: str  # the X-Request-ID of the request; its events and logs have it too


@router.get("", dependencies=[Depends(requires(Role.ADMIN))], responses=problems(BadCursor))
async def browse(
    trail: TheAudit,
    page: Paging,
    on: Annotated[UUID | None, Query(description="The id of what it was done to.")] = None,
    by: Annotated[UUID | None, Query(description="Who did it.")] = None,
    since: Moment | None = None,
) -> Page[AuditRow]:
    """What staff of this service did, the latest first. Only for administrators, so that nobody
    checks their own work."""
    rows, following = await trail.read(page, on=on, by=by, since=since)
    return Page(items=[AuditRow.model_validate(row) for row in rows], next=following)
