"""Badges for guests, delegations and staff, as PDF files to print."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from starlette.responses import Response

from services.events.admission.dependencies import TheTicketSigner
from services.events.booking.dependencies import AllRegistrations
from services.events.booking.registrations.state import Status
from services.events.dependencies import Organiser, TheAudit, ThePrinter
from services.events.forum.badges.rules import (
    BADGE_DESIGNS,
    Badge,
    NoBadgeYet,
    StaffRole,
    guest_badges,
)
from services.events.forum.delegations.rules import DelegationUnknown
from services.events.forum.dependencies import AllDelegations, AllInvitations
from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations.rules import Invitation
from services.events.programme.dependencies import AllActivities, AllEditions
from services.events.programme.editions.rules import EditionUnknown
from shared import qr_code
from shared.errors import Unavailable
from shared.http.language import current_language
from shared.http.now import Now
from shared.http.problems import problems
from shared.schema import Schema, example
from shared.text import Language, Line

router = APIRouter(prefix="/v1", tags=["badges"])
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}


class StaffBadge(Schema):
    """One badge."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "name": "Phạm Kỳ Duyên",
                "role": "volunteer",
                "organisation": "Đại học Mỹ thuật Công nghiệp",
            }
        )
    )

    name: Line
    """The name on the badge."""
    role: StaffRole
    """What they do at the edition: it decides the colour."""
    organisation: Line | None = None
    """For whom they work, if the badge is to say it."""


class StaffBadges(Schema):
    """Badges to print. The names are not kept."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "badges": [
                    {
                        "name": "Phạm Kỳ Duyên",
                        "role": "volunteer",
                        "organisation": "Đại học Mỹ thuật Công nghiệp",
                    }
                ]
            }
        )
    )

    badges: Annotated[list[StaffBadge], Field(min_length=1, max_length=200)]
    """One for each person."""


class BadgePrinter:
    """Reads what is printed on badges, and prints them."""

    def __init__(
        self,
        activities: AllActivities,
        registrations: AllRegistrations,
        signer: TheTicketSigner,
        printer: ThePrinter,
    ) -> None:
        self._activities = activities
        self._registrations = registrations
        self._signer = signer
        self._printer = printer

    async def occasion(self, one: Invitation, language: Language) -> str:
        return (await self._activities.get(one.activity_id)).facts.title.in_(language)

    async def ticket(self, one: Invitation) -> str | None:
        """The signed ticket of the guest. None if they have no confirmed registration."""
        if one.registration_id is None:
            return None
        registration = await self._registrations.find(one.registration_id)
        if registration is None or registration.status is not Status.CONFIRMED:
            return None
        return self._signer.sign(registration.id, registration.bookable_id)

    async def print(self, badges: Sequence[Badge], made_at: datetime, *, sheet: bool) -> Response:
        language = current_language()
        # In a thread: a delegation has many QR codes.
        data = await asyncio.to_thread(_data, badges, language, sheet)
        body = await self._printer.pdf("forum/badges/badge.typ", data, language, made_at)
        headers = {"Content-Language": language, "Cache-Control": "private, no-store"}
        return Response(body, headers=headers, media_type="application/pdf")


TheBadgePrinter = Annotated[BadgePrinter, Depends(BadgePrinter)]


@router.get(
    "/guests/{invitation_id}/badge.pdf",
    response_class=Response,
    responses=PDF | problems(InvitationUnknown, NoBadgeYet, Unavailable),
)
async def read_badge_of_guest(
    invitation_id: UUID,
    who: Organiser,
    invitations: AllInvitations,
    delegations: AllDelegations,
    printer: TheBadgePrinter,
) -> Response:
    """The badges of a guest and their companions: A6, one on each page."""
    one = await invitations.get(invitation_id)
    key, language = one.facts.delegation_id, current_language()
    delegation = None if key is None else await delegations.get(key)
    occasion = await printer.occasion(one, language)
    badges = guest_badges(one, occasion, delegation, await printer.ticket(one), language)
    return await printer.print(badges, one.changed_at, sheet=False)


@router.get(
    "/delegations/{delegation_id}/badges.pdf",
    response_class=Response,
    responses=PDF | problems(DelegationUnknown, NoBadgeYet, Unavailable),
)
async def read_badges_of_delegation(
    delegation_id: UUID,
    who: Organiser,
    invitations: AllInvitations,
    delegations: AllDelegations,
    printer: TheBadgePrinter,
) -> Response:
    """The badges of all guests of a delegation who said yes, and of their companions.

    Four are on each A4 page.
    """
    delegation, language = await delegations.get(delegation_id), current_language()
    accepted = await invitations.accepted(delegation_id)
    named = [one for one in accepted if one.said and one.said.name]  # the name may be erased
    if not named:
        raise NoBadgeYet
    badges: list[Badge] = []
    for one in named:  # they may be invited to different activities
        occasion, ticket = await printer.occasion(one, language), await printer.ticket(one)
        badges += guest_badges(one, occasion, delegation, ticket, language)
    made_at = max(one.changed_at for one in named)
    return await printer.print(badges, made_at, sheet=True)


@router.post(
    "/editions/{edition_id}/staff-badges",
    response_class=Response,
    responses=PDF | problems(EditionUnknown, Unavailable),
)
async def print_staff_badges(
    edition_id: UUID,
    body: StaffBadges,
    who: Organiser,
    editions: AllEditions,
    audit: TheAudit,
    printer: TheBadgePrinter,
    now: Now,
) -> Response:
    """Badges for people who work at an edition, four on each A4 page.

    The names are printed and not stored.
    """
    edition = await editions.get(edition_id)
    await audit.record_alone("edition.print_badges", "edition", edition_id, now)
    occasion = edition.facts.name.in_(current_language())
    badges = [
        Badge(occasion, one.name, one.organisation or "", BADGE_DESIGNS[one.role])
        for one in body.badges
    ]
    return await printer.print(badges, now, sheet=True)


def _data(badges: Sequence[Badge], language: Language, sheet: bool) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "badges": [
            {
                "occasion": one.occasion,
                "name": one.name,
                "from": one.origin,
                "role": one.design.vi if language == "vi" else one.design.en,
                "colour": one.design.colour,
                "qr": None if one.ticket is None else qr_code.svg(one.ticket),
            }
            for one in badges
        ],
    }
