from typing import Annotated

from fastapi import APIRouter, Depends

from services.events.venues.store import Venue, Venues
from shared.http.access import anyone
from shared.http.provided import provided

router = APIRouter(prefix="/v1/venues", tags=["venues"])
AllVenues = Annotated[Venues, Depends(provided(Venues))]


@router.get("", dependencies=[anyone])
async def browse(venues: AllVenues) -> list[Venue]:
    """Where sessions can be held: the registry's public spaces."""
    return await venues.all()
