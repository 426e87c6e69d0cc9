"""What routes ask for from the forum area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.forum.delegations.store import Delegations
from services.events.forum.invitations.service import InvitationService
from services.events.forum.invitations.store import GuestNeeds, Invitations
from services.events.forum.outcomes.store import Outcomes
from services.events.forum.papers.store import Papers
from shared.http.provided import provided

AllDelegations = Annotated[Delegations, Depends(provided(Delegations))]
AllGuestNeeds = Annotated[GuestNeeds, Depends(provided(GuestNeeds))]
AllInvitations = Annotated[Invitations, Depends(provided(Invitations))]
AllOutcomes = Annotated[Outcomes, Depends(provided(Outcomes))]
AllPapers = Annotated[Papers, Depends(provided(Papers))]
TheInvitationService = Annotated[InvitationService, Depends(provided(InvitationService))]
