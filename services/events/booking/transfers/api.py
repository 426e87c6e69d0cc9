"""Transfers: passing a seat on to somebody else, with a code."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, StringConstraints
from starlette.responses import Response

from services.events.booking.changes.errors import Blocked, StaffOnly
from services.events.booking.dependencies import (
    AllForms,
    AllRegistrations,
    LiveRegistration,
    TheRegistrationService,
)
from services.events.booking.forms.rules import NotAsked
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    AnswersNeeded,
    RegistrationUnknown,
    SessionBegun,
)
from services.events.booking.registrations.state import TransferCode
from services.events.booking.registrations.views import RegistrationView
from services.events.booking.transfers.errors import (
    NothingToTransfer,
    TransferToSelf,
    TransferUnknown,
)
from services.events.booking.transfers.rules import AcceptTransfer, OfferTransfer
from services.events.programme.dependencies import TheBookableQueries
from services.events.programme.sessions.rules import SessionIsCancelled
from shared.clock import now
from shared.errors import InvalidInput, Unavailable
from shared.http.access import SignedIn
from shared.http.idempotency import KeyReused, MaybeIdempotencyKey
from shared.http.problems import problems
from shared.ids import new_id
from shared.json_object import JsonObject
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["transfers"])


NOWHERE = NOBODY = UUID(int=0)


class Terms(Schema):
    """How long a transfer code is good."""

    model_config = ConfigDict(json_schema_extra=example({"hours": 48}))

    hours: Annotated[int, Field(ge=1, le=14 * 24)] = 72
    """For so many hours, but not longer than until it begins."""


class TransferView(Schema):
    """A transfer code."""

    model_config = ConfigDict(
        json_schema_extra=example({"code": "P7QK-2M9R-TX4C", "expires_at": "2026-11-04T02:00:00Z"})
    )

    code: str
    """To be given to the person who may have the seat. It is shown only this once."""
    expires_at: datetime


class Acceptance(Schema):
    """Taking over a seat."""

    model_config = ConfigDict(json_schema_extra=example({"code": "P7QK-2M9R-TX4C"}))

    code: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """The transfer code, as the holder gave it."""
    answers: JsonObject | None = None
    """Answers, where the session asks something."""


# No Idempotency-Key: its answer would be kept, and the code with it. Sent again, it is a new code.
@router.put(
    "/registrations/{registration_id}/transfer",
    responses=problems(
        RegistrationUnknown,
        NothingToTransfer,
        AlreadyAdmitted,
        Blocked,
        StaffOnly,
        SessionBegun,
        SessionIsCancelled,
        Unavailable,
    ),
)
async def create_transfer(
    own: LiveRegistration,
    who: SignedIn,
    bookables: TheBookableQueries,
    desk: TheRegistrationService,
    terms: Terms | None = None,
) -> TransferView:
    """Get a code with which somebody else may take over the seat.

    A code that was given before is no longer good.
    """
    present = now()
    bookable = await bookables.get(own.bookable_id)
    if not bookable.held:
        raise SessionIsCancelled  # all sessions of the course
    begins = bookable.starts_at
    if present >= begins:
        raise SessionBegun
    expires_at = min(present + timedelta(hours=(terms or Terms()).hours), begins)
    code = secrets.token_urlsafe(16)
    transfer = TransferCode(_hashed(code), expires_at, by_staff=own.person_id != who.person_id)
    await desk(
        OfferTransfer(own.bookable_id, own.person_id, transfer), status=200, idempotency_key=None
    )
    return TransferView(code=code, expires_at=expires_at)


@router.delete(
    "/registrations/{registration_id}/transfer",
    status_code=204,
    responses=problems(RegistrationUnknown, Unavailable),
)
async def withdraw_transfer(own: LiveRegistration, desk: TheRegistrationService) -> None:
    """End the transfer code: it is no longer good."""
    await desk(
        OfferTransfer(own.bookable_id, own.person_id, None), status=200, idempotency_key=None
    )


@router.post(
    "/transfers/acceptance",
    status_code=201,
    response_model=RegistrationView,
    responses=problems(
        TransferUnknown,
        TransferToSelf,
        SessionIsCancelled,
        AnswersNeeded,
        NotAsked,
        InvalidInput,
        AlreadyRegistered,
        NothingToTransfer,
        AlreadyAdmitted,
        Blocked,
        StaffOnly,
        KeyReused,
        Unavailable,
    ),
)
async def accept_transfer(
    body: Acceptance,
    who: SignedIn,
    registrations: AllRegistrations,
    forms: AllForms,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Take over the seat that a transfer code is for.

    The ticket up to now lets nobody in any more. The code is in the body, because addresses end
    up in logs.
    """
    secret = _hashed(body.code)
    found = await registrations.by_transfer_code(secret)
    # A code that was used goes to the desk as well: whoever used it may ask again under their key.
    session, holder = (found.bookable_id, found.person_id) if found else (NOWHERE, NOBODY)
    answers = None
    if found is not None and body.answers is not None:
        answers = await forms.checked(session, body.answers, now())
    command = AcceptTransfer(new_id(), session, who.person_id, holder, secret, answers)
    try:
        return (await desk(command, status=201, idempotency_key=idempotency_key)).response()
    except RegistrationUnknown as error:
        raise TransferUnknown from error


def _hashed(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
