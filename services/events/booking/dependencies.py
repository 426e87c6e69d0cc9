"""What routes ask for from the booking area, by type."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from services.events.booking.batching.service import RegistrationService
from services.events.booking.capacity.service import QuotaService
from services.events.booking.clashes.queries import ClashQueries
from services.events.booking.forms.service import FormService
from services.events.booking.forms.store import Forms
from services.events.booking.quotas.store import QuotaStore
from services.events.booking.registrations.errors import (
    RegistrationUnknown,
)
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from shared.http.access import SignedIn, use_role
from shared.http.provided import provided
from shared.roles import Role

AllForms = Annotated[Forms, Depends(provided(Forms))]
AllQuotas = Annotated[QuotaStore, Depends(provided(QuotaStore))]
AllRegistrations = Annotated[Registrations, Depends(provided(Registrations))]
TheClashQueries = Annotated[ClashQueries, Depends(provided(ClashQueries))]
TheFormService = Annotated[FormService, Depends(provided(FormService))]
TheQuotaService = Annotated[QuotaService, Depends(provided(QuotaService))]
TheRegistrationService = Annotated[RegistrationService, Depends(provided(RegistrationService))]


async def own_registration(
    registration_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> Registration:
    """The holder's own, or any for the organisers; for others it does not exist."""
    found = await registrations.get(registration_id)
    if found.person_id != who.person_id and not use_role(who, Role.ORGANISER):
        raise RegistrationUnknown
    return found


OwnRegistration = Annotated[Registration, Depends(own_registration)]


async def live_registration(own: OwnRegistration) -> Registration:
    """One that has ended is not to be changed; nor is another, that its holder may have now."""
    if not own.live:
        raise RegistrationUnknown
    return own


LiveRegistration = Annotated[Registration, Depends(live_registration)]
"""For what is done without an Idempotency-Key: who asks again under theirs must be answered."""
