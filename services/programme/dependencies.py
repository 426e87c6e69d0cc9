"""What the routes of this service ask for: who may call, and the objects that app.py built."""

from datetime import date
from typing import Annotated

from fastapi import Depends

from services.programme.agencies.store import Agencies
from services.programme.follow_ups.store import FollowUps
from services.programme.indicators.store import Counters
from services.programme.initiatives.store import Initiatives
from services.programme.work_items.store import WorkItems
from shared.clock import local
from shared.http.access import requires
from shared.http.now import Now
from shared.http.principal import Principal
from shared.http.provided import provided
from shared.roles import Role

Officer = Annotated[Principal, Depends(requires(Role.OFFICER))]

AllAgencies = Annotated[Agencies, Depends(provided(Agencies))]
AllCounters = Annotated[Counters, Depends(provided(Counters))]
AllFollowUps = Annotated[FollowUps, Depends(provided(FollowUps))]
AllInitiatives = Annotated[Initiatives, Depends(provided(Initiatives))]
AllWorkItems = Annotated[WorkItems, Depends(provided(WorkItems))]


async def _today(now: Now) -> date:
    return local(now).date()


Today = Annotated[date, Depends(_today)]
"""The day of the request, in Hanoi."""
