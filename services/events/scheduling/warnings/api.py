"""Warnings: what is wrong with a programme as it is planned."""

import asyncio
from collections import Counter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.events.dependencies import Organiser
from services.events.programme.dependencies import AllEditions, AllSessions
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.sessions.rules import SessionUnknown
from services.events.scheduling.dependencies import ThePlanQueries
from services.events.scheduling.warnings.rules import find_warnings
from services.events.scheduling.warnings.state import PlanWarning, plan_warning
from services.events.scheduling.warnings.wording import Severity, WarningCode
from shared.http.problems import problems
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["warnings"])
MAX_SHOWN = 1_000  # in one answer; `counts` includes all


class EditionWarnings(Schema):
    """What is wrong with an edition's programme."""

    counts: dict[WarningCode, int]
    """How many there are of each code, whatever was asked for."""
    items: list[PlanWarning]
    """Those that were asked for, the gravest first."""


@router.get("/editions/{edition_id}/warnings", responses=problems(EditionUnknown))
async def list_warnings_of_edition(
    edition_id: UUID,
    who: Organiser,
    editions: AllEditions,
    plans: ThePlanQueries,
    severity: Annotated[Severity | None, Query(description="Only those as grave.")] = None,
    code: Annotated[WarningCode | None, Query(description="Only those with this code.")] = None,
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
async def list_warnings_of_session(
    session_id: UUID,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    plans: ThePlanQueries,
) -> list[PlanWarning]:
    """What is wrong with the programme in which one session has a part."""
    session = await sessions.get(session_id)
    plan = await plans.of_edition(await editions.get(session.edition_id))
    found = await asyncio.to_thread(find_warnings, plan)
    return [
        plan_warning(plan, one)
        for one in found
        if any(session_id == part.id for part in one.sessions)
    ]
