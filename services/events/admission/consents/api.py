"""Consents: who agrees to be seen in a recording for television."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, StringConstraints

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
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["consents"])


class Signing(Schema):
    """Everybody of the registration signs, the holder first."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
                "people": [{"name": "Nguyễn Thị Lan", "adult": True, "consents": True}],
            }
        )
    )

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """The `sha256` of the words that they read: it has to be that of the latest version."""
    people: Annotated[tuple[Person, ...], Field(min_length=1, max_length=50)]
    """Everybody whom the registration is for, the holder first."""


class ConsentView(Schema):
    """What was signed for a registration."""

    registration_id: UUID
    complete: bool
    """Whether this is enough for a gate to let them in."""
    signatures: tuple[Signature, ...]
    """All that was signed, in order of time; the last one counts."""


@router.get("/sessions/{session_id}/releases", responses=problems(RecordingUnknown))
async def list_consents(
    session_id: UUID,
    who: Organiser,
    recordings: AllRecordings,
    registrations: AllRegistrations,
    consents: AllConsents,
    page: Paging,
) -> Page[ConsentView]:
    """Who has agreed to what, with the names; for organisers only.

    Minors are in no other list.
    """
    recording = await recordings.get(session_id)
    found, following = await consents.of_session(session_id, page)
    held = {one.id: one for one in await registrations.some([one.id for one in found])}
    items = [_view(recording, held[one.id], one) for one in found if one.id in held]
    return Page(items=items, next=following)


@router.get(
    "/registrations/{registration_id}/release",
    responses=problems(RegistrationUnknown, RecordingUnknown),
)
async def read_consent(
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
async def sign_consent(
    own: HoldersRegistration, body: Signing, recordings: AllRecordings, service: TheConsentService
) -> ConsentView:
    """Agree to be recorded, for oneself and all who come along.

    If it is signed again, the last one counts.
    """
    consent = await service.sign(own.id, body.sha256, body.people)
    return _view(await recordings.get(own.bookable_id), own, consent)


@router.delete(
    "/registrations/{registration_id}/release",
    responses=problems(RegistrationUnknown, RecordingUnknown, NothingSigned),
)
async def withdraw_consent(
    own: HoldersRegistration, recordings: AllRecordings, service: TheConsentService
) -> ConsentView:
    """Withdraw the consent: gates let nobody of this registration in until it is signed again."""
    consent = await service.withdraw(own.id)
    return _view(await recordings.get(own.bookable_id), own, consent)


def _view(recording: Recording, registration: Registration, consent: SignedConsent) -> ConsentView:
    signed, size = consent.without_names, registration.size
    return ConsentView(
        registration_id=registration.id,
        complete=complete(recording.versions, signed, size, None),
        signatures=consent.signatures,
    )
