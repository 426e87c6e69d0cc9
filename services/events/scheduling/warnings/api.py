"""Routes of the warnings about a plan."""

import asyncio
from collections import Counter
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllSessions
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.sessions.rules import SessionUnknown
from services.events.scheduling.dependencies import ThePlanQueries
from services.events.scheduling.warnings.rules import find_warnings
from services.events.scheduling.warnings.state import PlanWarning, plan_warning
from services.events.scheduling.warnings.wording import Severity, WarningCode
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["warnings"])
MAX_SHOWN = 1_000  # in one answer; `counts` includes all


class EditionWarnings(BaseModel):
    """`counts`: of all there are, by code. `items`: those asked for, the gravest first."""

    counts: dict[WarningCode, int]
    items: list[PlanWarning]


@router.get("/editions/{edition_id}/warnings", responses=problems(EditionUnknown))
async def of_edition(
    edition_id: UUID,
    who: Organiser,
    editions: AllEditions,
    plans: ThePlanQueries,
    severity: Severity | None = None,
    code: WarningCode | None = None,
) -> EditionWarnings:
    """What is wrong with an edition's programme, as it is planned at this moment.

    At most 1,000 are shown, the gravest first; ask by `severity` or `code` for others.
    """
    plan = await plans.of_edition(await editions.get(edition_id))
    found = await asyncio.to_thread(find_warnings, plan)
    shown = [one for one in found if severity in (None, one.severity) and code in (None, one.code)]
    return EditionWarnings(
        counts=dict(Counter(one.code for one in found)),
        items=[plan_warning(plan, one) for one in shown[:MAX_SHOWN]],
    )


@router.get("/sessions/{session_id}/warnings", responses=problems(SessionUnknown))
async def of_session(
    session_id: UUID,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    plans: ThePlanQueries,
) -> list[PlanWarning]:
    """Those in which one session has a part, as it is planned at this moment."""
    session = await sessions.get(session_id)
    plan = await plans.of_edition(await editions.get(session.edition_id))
    found = await asyncio.to_thread(find_warnings, plan)
    return [
        plan_warning(plan, one)
        for one in found
        if any(session_id == part.id for part in one.sessions)
    ]
