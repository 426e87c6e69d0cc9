"""Preferences: a seat in whichever of several sessions has one first."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, StringConstraints, model_validator
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
from shared.schema import Schema, example

router = APIRouter(prefix="/v1", tags=["preferences"])


class PreferencesUnknown(NotFound):
    code = "wish.unknown"
    vi = "Không tìm thấy danh sách nguyện vọng này."
    en = "There is no such list of preferences."


class RankedSessions(Schema):
    """One seat for so many people, in whichever of these sessions has room first."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "sessions": [
                    "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                    "0199f3a2-3b42-7c34-9e6f-708192a3b4c5",
                ],
                "kind": "general",
                "size": 2,
            }
        )
    )

    sessions: Annotated[tuple[UUID, ...], Field(min_length=2, max_length=10)]
    """Their ids, the one that is liked best first: it is taken where several have room."""
    kind: TicketKind = TicketKind.GENERAL
    """The kind of ticket, in all of them."""
    size: Annotated[int, Field(ge=1, le=50)] = 1
    """How many people come, the holder included: all of them or none."""
    code: Annotated[str, StringConstraints(max_length=40)] | None = None
    """The access code, where this kind needs one."""

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len(set(self.sessions)) < len(self.sessions):
            raise ValueError("a session is named twice")
        return self


class PreferencesView(Schema):
    """The registrations that one list of preferences made."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "registrations": [
                    {
                        "id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                        "bookable_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                        "bookable_kind": "session",
                        "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                        "status": "unpaid",
                        "asked_at": "2026-10-01T02:00:04Z",
                        "kind": "general",
                        "size": 2,
                        "number": None,
                        "ahead": None,
                        "expires_at": "2026-10-01T03:00:04Z",
                        "admitted_at": None,
                        "wish_id": None,
                        "answered": None,
                        "clashes": [],
                        "amount": 300000,
                        "paid": 0,
                        "reference": "HN7K2M9Q4T",
                    }
                ],
            }
        )
    )

    id: UUID
    """Its id: the `wish_id` of each registration."""
    registrations: Sequence[RegistrationView]
    """One that has a seat, or one on each waiting list; later also those that have ended."""


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
async def register_by_preference(
    body: RankedSessions,
    who: SignedIn,
    desk: TheRegistrationService,
    idempotency_key: MaybeIdempotencyKey,
) -> Response:
    """Take a seat in the first of these sessions that has one, or wait in each.

    Once one of the waiting lists has brought a seat, even as an offer, the others are left. If
    that seat is then given up or not accepted in time, this is over.
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
async def read_preferences(
    wish_id: UUID, own: Own, registrations: AllRegistrations, clashes: TheClashQueries
) -> PreferencesView:
    """The registrations that one list of preferences made."""
    return await _view(wish_id, own, registrations, clashes)


@router.post(
    "/wishes/{wish_id}/cancellation",
    responses=problems(PreferencesUnknown, AlreadyAdmitted, Unavailable),
)
async def withdraw_preferences(
    wish_id: UUID,
    own: Own,
    registrations: AllRegistrations,
    clashes: TheClashQueries,
    desk: TheRegistrationService,
) -> PreferencesView:
    """Give up the seat, or leave all the waiting lists. Cancelling any one does the same."""
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
