"""Routes of consents to be filmed: read, sign, withdraw."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints

from services.events.admission.consents.errors import (
    AnotherForm,
    EverybodySigns,
    NoFormYet,
    NothingSigned,
)
from services.events.admission.consents.store import Signature, SignedConsent
from services.events.admission.dependencies import AllConsents, AllRecordings, TheConsentService
from services.events.admission.recordings.consent import Person, complete
from services.events.admission.recordings.errors import RecordingUnknown
from services.events.admission.recordings.rules import Recording
from services.events.booking.dependencies import AllRegistrations, OwnRegistration
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Registration
from services.events.dependencies import Organiser
from shared.http.access import SignedIn
from shared.http.paging import Page, Paging
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["recordings"])


class Signing(BaseModel):
    """Everybody of the registration, the holder first. `sha256` is that of the words they read."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    people: Annotated[tuple[Person, ...], Field(min_length=1, max_length=50)]


class ConsentView(BaseModel):
    registration_id: UUID
    complete: bool  # a gate would let them in, as far as this goes
    signatures: tuple[Signature, ...]


@router.get("/sessions/{session_id}/releases", responses=problems(RecordingUnknown))
async def signed(
    session_id: UUID,
    who: Organiser,
    recordings: AllRecordings,
    registrations: AllRegistrations,
    consents: AllConsents,
    page: Paging,
) -> Page[ConsentView]:
    """Who has signed what, with the names: for organisers only. Minors stand in no other list."""
    recording = await recordings.get(session_id)
    found, following = await consents.of_session(session_id, page)
    held = {one.id: one for one in await registrations.some([one.id for one in found])}
    items = [_view(recording, held[one.id], one) for one in found if one.id in held]
    return Page(items=items, next=following)


@router.get(
    "/registrations/{registration_id}/release",
    responses=problems(RegistrationUnknown, RecordingUnknown),
)
async def read_release(
    own: OwnRegistration, recordings: AllRecordings, consents: AllConsents
) -> ConsentView:
    """What was signed for a registration, and whether that is enough."""
    return _view(await recordings.get(own.bookable_id), own, await consents.of(own))


async def holders_registration(
    registration_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> Registration:
    """Only the holder's own registration: organisers cannot sign for somebody else."""
    found = await registrations.get(registration_id)
    if found.person_id != who.person_id:
        raise RegistrationUnknown
    return found


HoldersRegistration = Annotated[Registration, Depends(holders_registration)]


@router.post(
    "/registrations/{registration_id}/release",
    status_code=201,
    responses=problems(
        RegistrationUnknown, RecordingUnknown, NoFormYet, AnotherForm, EverybodySigns
    ),
)
async def sign(
    own: HoldersRegistration, body: Signing, recordings: AllRecordings, service: TheConsentService
) -> ConsentView:
    """Sign the form for oneself and all who come along. Signed again, the last one counts."""
    consent = await service.sign(own.id, body.sha256, body.people)
    return _view(await recordings.get(own.bookable_id), own, consent)


@router.delete(
    "/registrations/{registration_id}/release",
    responses=problems(RegistrationUnknown, RecordingUnknown, NothingSigned),
)
async def withdraw(
    own: HoldersRegistration, recordings: AllRecordings, service: TheConsentService
) -> ConsentView:
    """Withdraw it: gates let nobody of this registration in until it is signed again."""
    consent = await service.withdraw(own.id)
    return _view(await recordings.get(own.bookable_id), own, consent)


def _view(recording: Recording, registration: Registration, consent: SignedConsent) -> ConsentView:
    signed, size = consent.without_names, registration.size
    return ConsentView(
        registration_id=registration.id,
        complete=complete(recording.versions, signed, size, None),
        signatures=consent.signatures,
    )
