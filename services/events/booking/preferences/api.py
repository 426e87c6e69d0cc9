from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints, model_validator
from starlette.responses import Response

from services.events.booking.clashes.queries import ClashQueries
from services.events.booking.dependencies import (
    AllRegistrations,
    TheClashQueries,
    TheRegistrationService,
)
from services.events.booking.preferences.rules import RegisterByPreference, WithdrawPreferences
from services.events.booking.registrations.commands import Register
from services.events.booking.registrations.errors import (
    AlreadyAdmitted,
    AlreadyRegistered,
    Closed,
    CodeWrong,
    GroupTooLarge,
    KindUnknown,
    NotOpen,
    RegistrationUnknown,
)
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from services.events.booking.registrations.views import RegistrationView, view
from services.events.programme.sessions.rules import SessionIsCancelled, SessionUnknown
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.errors import NotFound, Unavailable
from shared.http.access import SignedIn
from shared.http.idempotency import KeyReused, MaybeIdempotencyKey
from shared.http.problems import problems
from shared.ids import new_id

router = APIRouter(prefix="/v1", tags=["wishes"])


class PreferencesUnknown(NotFound):
    code = "wish.unknown"
    vi = "Không tìm thấy danh sách nguyện vọng này."
    en = "There is no such list of preferences."


class RankedSessions(BaseModel):
    """One place for so many people, in whichever of these sessions has one first."""

    sessions: Annotated[tuple[UUID, ...], Field(min_length=2, max_length=10)]
    """In order of liking: with room in several, it is the first of them."""
    kind: TicketKind = TicketKind.GENERAL
    size: Annotated[int, Field(ge=1, le=50)] = 1
    code: Annotated[str, StringConstraints(max_length=40)] | None = None

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len(set(self.sessions)) < len(self.sessions):
            raise ValueError("a session is named twice")
        return self


class PreferencesView(BaseModel):
    """One registration that has a place, or one in each line; later also those that have ended."""

    id: UUID
    registrations: Sequence[RegistrationView]


@router.post(
    "/wishes",
    status_code=201,
    response_model=PreferencesView,
    responses=problems(
        SessionUnknown,
        SessionIsCancelled,
        AlreadyRegistered,
        NotOpen,
        Closed,
        KindUnknown,
        CodeWrong,
        GroupTooLarge,
        KeyReused,
        Unavailable,
    ),
)
async def wish(
    body: RankedSessions,
    who: SignedIn,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Take a place in the first of these sessions that has one, or stand in the line of each.

    Once one of the lines has brought a place, be it offered, the others are left. If that place is
    then given up or not accepted in time, the wish is over.
    """
    key = new_id()
    command = RegisterByPreference(
        key,
        who.person_id,
        tuple(
            Register(new_id(), session, who.person_id, body.kind, body.size, body.code)
            for session in body.sessions
        ),
    )

    def show(views: Sequence[RegistrationView]) -> PreferencesView:
        return PreferencesView.model_construct(id=key, registrations=views)

    return (await desk(command, status=201, idempotency_key=idempotency_key, show=show)).response()


async def own_wish(
    wish_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> list[Registration]:
    found = await registrations.of_wish(wish_id)
    mine = [one for one in found if one.person_id == who.person_id]
    if not mine:
        raise PreferencesUnknown
    return mine


Own = Annotated[list[Registration], Depends(own_wish)]


@router.get("/wishes/{wish_id}", responses=problems(PreferencesUnknown))
async def read(
    wish_id: UUID, own: Own, registrations: AllRegistrations, clashes: TheClashQueries
) -> PreferencesView:
    return await _view(wish_id, own, registrations, clashes)


@router.post(
    "/wishes/{wish_id}/cancellation",
    responses=problems(PreferencesUnknown, AlreadyAdmitted, Unavailable),
)
async def withdraw(
    wish_id: UUID,
    own: Own,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> PreferencesView:
    """Give up the place, or leave all the lines. So does cancelling any one of them."""
    sessions = tuple(one.bookable_id for one in own)
    with suppress(RegistrationUnknown):  # it is over already
        await desk(
            WithdrawPreferences(wish_id, own[0].person_id, sessions),
            status=200,
            idempotency_key=None,
        )
    return await _view(wish_id, await registrations.of_wish(wish_id), registrations, clashes)


async def _view(
    key: UUID, found: Sequence[Registration], registrations: Registrations, clashes: ClashQueries
) -> PreferencesView:
    clashing = await clashes.of([(one.bookable_id, one.person_id) for one in found if one.live])
    views = [
        view(
            one,
            await registrations.waiting_before(one),
            clashing.get((one.bookable_id, one.person_id), ()),
        )
        for one in found
    ]
    return PreferencesView(id=key, registrations=views)
