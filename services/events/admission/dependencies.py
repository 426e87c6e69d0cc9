"""What routes ask for from the admission area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.admission.consents.service import ConsentService
from services.events.admission.consents.store import Consents
from services.events.admission.gates.store import Gates
from services.events.admission.occupancy.queries import OccupancyQueries
from services.events.admission.online_access.store import OnlineAccesses
from services.events.admission.recordings.store import Recordings
from services.events.admission.scans.service import ScanService
from services.events.admission.scans.store import TicketScans
from services.events.admission.tickets.signature import TicketSigner
from services.events.admission.tickets.store import Passes
from shared.http.provided import provided

AllConsents = Annotated[Consents, Depends(provided(Consents))]
AllGates = Annotated[Gates, Depends(provided(Gates))]
AllOnlineAccesses = Annotated[OnlineAccesses, Depends(provided(OnlineAccesses))]
AllPasses = Annotated[Passes, Depends(provided(Passes))]
AllRecordings = Annotated[Recordings, Depends(provided(Recordings))]
AllTicketScans = Annotated[TicketScans, Depends(provided(TicketScans))]
TheConsentService = Annotated[ConsentService, Depends(provided(ConsentService))]
TheOccupancyQueries = Annotated[OccupancyQueries, Depends(provided(OccupancyQueries))]
TheScanService = Annotated[ScanService, Depends(provided(ScanService))]
TheTicketSigner = Annotated[TicketSigner, Depends(provided(TicketSigner))]
