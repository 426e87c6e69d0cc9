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
from services.events.scheduling.warnings.rules import findings
from services.events.scheduling.warnings.state import PlanWarning, told
from services.events.scheduling.warnings.wording import Severity, WarningCode
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["warnings"])
MOST = 1_000  # shown at once; `counts` tells of all


class EditionWarnings(BaseModel):
    """`counts`: of all there are, by code. `items`: those asked for, the gravest first."""

    counts: dict[WarningCode, int]
    items: list[PlanWarning]


@router.get("/editions/{edition_id}/warnings", responses=problems(EditionUnknown))
async def of_edition(
    edition_id: UUID,
    who: Organiser,
    editions: AllEditions,
    drafts: ThePlanQueries,
    severity: Severity | None = None,
    code: WarningCode | None = None,
) -> EditionWarnings:
    """What is wrong with an edition's programme, as it is planned at this moment.

    At most 1,000 are shown, the gravest first; ask by `severity` or `code` for others.
    """
    programme = await drafts.programme(await editions.get(edition_id))
    found = await asyncio.to_thread(findings, programme)
    shown = [one for one in found if severity in (None, one.severity) and code in (None, one.code)]
    return EditionWarnings(
        counts=dict(Counter(one.code for one in found)),
        items=[told(programme, one) for one in shown[:MOST]],
    )


@router.get("/sessions/{session_id}/warnings", responses=problems(SessionUnknown))
async def of_session(
    session_id: UUID,
    who: Organiser,
    editions: AllEditions,
    sessions: AllSessions,
    drafts: ThePlanQueries,
) -> list[PlanWarning]:
    """Those in which one session has a part, as it is planned at this moment."""
    session = await sessions.get(session_id)
    programme = await drafts.programme(await editions.get(session.edition_id))
    found = await asyncio.to_thread(findings, programme)
    return [
        told(programme, one) for one in found if any(session_id == part.id for part in one.sessions)
    ]
