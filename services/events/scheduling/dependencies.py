"""What routes ask for from the scheduling area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.scheduling.calendar.store import CalendarFeeds
from services.events.scheduling.favourites.store import Favourites
from services.events.scheduling.schedule_releases.service import ReleaseService
from services.events.scheduling.schedule_releases.store import Releases
from services.events.scheduling.warnings.queries import PlanQueries
from shared.http.provided import provided

AllCalendarFeeds = Annotated[CalendarFeeds, Depends(provided(CalendarFeeds))]
AllFavourites = Annotated[Favourites, Depends(provided(Favourites))]
AllReleases = Annotated[Releases, Depends(provided(Releases))]
ThePlanQueries = Annotated[PlanQueries, Depends(provided(PlanQueries))]
TheReleaseService = Annotated[ReleaseService, Depends(provided(ReleaseService))]
