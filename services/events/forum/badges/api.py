import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.events.admission.tickets.signature import TicketSigner
from services.events.booking.registrations.state import Status
from services.events.booking.registrations.store import Registrations
from services.events.dependencies import Organiser, TheAudit
from services.events.forum.badges.rules import LOOKS, Badge, NoBadgeYet, StaffRole, of_guest
from services.events.forum.delegations.rules import DelegationUnknown
from services.events.forum.dependencies import AllDelegations, AllInvitations
from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations.rules import Invitation
from services.events.printing import qr_code as qr
from services.events.printing.pdf import Printer
from services.events.programme.activities.store import Activities
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.rules import EditionUnknown
from shared.clock import now
from shared.errors import Unavailable
from shared.http.language import current_language
from shared.http.problems import problems
from shared.http.provided import provided
from shared.text import Language, Line

router = APIRouter(prefix="/v1", tags=["guests"])
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


class StaffBadge(BaseModel):
    name: Line
    role: StaffRole
    organisation: Line | None = None


class StaffBadges(BaseModel):
    badges: Annotated[list[StaffBadge], Field(min_length=1, max_length=200)]


class BadgePrinter:
    """Gathers what stands on badges, and prints them."""

    def __init__(
        self,
        activities: Annotated[Activities, Depends(provided(Activities))],
        registrations: Annotated[Registrations, Depends(provided(Registrations))],
        tickets: Annotated[TicketSigner, Depends(provided(TicketSigner))],
        paper: Annotated[Printer, Depends(provided(Printer))],
    ) -> None:
        self._activities = activities
        self._registrations = registrations
        self._tickets = tickets
        self._paper = paper

    async def occasion(self, one: Invitation, language: Language) -> str:
        return (await self._activities.get(one.activity_id)).facts.title.in_(language)

    async def ticket(self, one: Invitation) -> str | None:
        """The token of the place that the guest has; None without one."""
        if one.registration_id is None:
            return None
        place = await self._registrations.find(one.registration_id)
        if place is None or place.status is not Status.CONFIRMED:
            return None
        return self._tickets.sign(place.id, place.session_id)

    async def prints(self, badges: Sequence[Badge], made_at: datetime, *, sheet: bool) -> Response:
        language = current_language()
        data = await asyncio.to_thread(_data, badges, language, sheet)
        body = await self._paper.pdf("forum/badges/badge.typ", data, language, made_at)
        headers = {"Content-Language": language, "Cache-Control": "private, no-store"}
        return Response(body, headers=headers, media_type="application/pdf")


BadgePress = Annotated[BadgePrinter, Depends(BadgePrinter)]


@router.get(
    "/guests/{invitation_id}/badge.pdf",
    response_class=Response,
    responses=PDF | problems(InvitationUnknown, NoBadgeYet, Unavailable),
)
async def one_guest(
    invitation_id: UUID,
    who: Organiser,
    invitations: AllInvitations,
    delegations: AllDelegations,
    press: BadgePress,
) -> Response:
    """The badges of a guest and their company, A6, one a page."""
    one = await invitations.get(invitation_id)
    key, language = one.facts.delegation_id, current_language()
    delegation = None if key is None else await delegations.get(key)
    occasion = await press.occasion(one, language)
    badges = of_guest(one, occasion, delegation, await press.ticket(one), language)
    return await press.prints(badges, one.changed_at, sheet=False)


@router.get(
    "/delegations/{delegation_id}/badges.pdf",
    response_class=Response,
    responses=PDF | problems(DelegationUnknown, NoBadgeYet, Unavailable),
)
async def of_delegation(
    delegation_id: UUID,
    who: Organiser,
    invitations: AllInvitations,
    delegations: AllDelegations,
    press: BadgePress,
) -> Response:
    """The badges of all of a delegation who said yes, and of their company: four on a sheet."""
    delegation, language = await delegations.get(delegation_id), current_language()
    come = [one for one in await invitations.of_delegation(delegation_id) if one.said]
    come = [one for one in come if one.said and one.said.name]  # not those erased since
    if not come:
        raise NoBadgeYet
    badges: list[Badge] = []
    for one in come:  # not all of them to the same activity
        occasion, ticket = await press.occasion(one, language), await press.ticket(one)
        badges += of_guest(one, occasion, delegation, ticket, language)
    made_at = max(one.changed_at for one in come)
    return await press.prints(badges, made_at, sheet=True)


@router.post(
    "/editions/{edition_id}/staff-badges",
    response_class=Response,
    responses=PDF | problems(EditionUnknown, Unavailable),
)
async def of_staff(
    edition_id: UUID,
    body: StaffBadges,
    who: Organiser,
    editions: AllEditions,
    audit: TheAudit,
    press: BadgePress,
) -> Response:
    """Badges of those who work at an edition, four on a sheet. The names are printed, not kept."""
    edition = await editions.get(edition_id)
    await audit.record_alone("edition.print_badges", "edition", edition_id, now())
    occasion = edition.facts.name.in_(current_language())
    badges = [
        Badge(occasion, one.name, one.organisation or "", LOOKS[one.role]) for one in body.badges
    ]
    return await press.prints(badges, now(), sheet=True)


def _data(badges: Sequence[Badge], language: Language, sheet: bool) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "badges": [
            {
                "occasion": one.occasion,
                "name": one.name,
                "from": one.origin,
                "role": one.look.vi if language == "vi" else one.look.en,
                "colour": one.look.colour,
                "qr": None if one.ticket is None else qr.svg(one.ticket),
            }
            for one in badges
        ],
    }
