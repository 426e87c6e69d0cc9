"""What the routes of this service ask for: who may call, and the objects that app.py built."""

from typing import Annotated

from fastapi import Depends

from services.applications.calls.store import Calls
from services.applications.entries.store import Entries
from services.applications.reviews.service import JuryService
from services.applications.reviews.store import Reviews
from shared.http.access import requires
from shared.http.principal import Principal
from shared.http.provided import provided
from shared.roles import Role

CallStaff = Annotated[Principal, Depends(requires(Role.CALLS))]

AllCalls = Annotated[Calls, Depends(provided(Calls))]
AllEntries = Annotated[Entries, Depends(provided(Entries))]
AllReviews = Annotated[Reviews, Depends(provided(Reviews))]
TheJuryService = Annotated[JuryService, Depends(provided(JuryService))]
