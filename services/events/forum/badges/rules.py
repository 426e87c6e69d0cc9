"""Badges: what is printed on them, and in which colour."""

from enum import StrEnum
from typing import NamedTuple

from services.events.forum.delegations.rules import Delegation
from services.events.forum.invitations.rules import GuestRole, Invitation, InvitationStatus
from shared.errors import Conflict
from shared.text import Language


class NoBadgeYet(Conflict):
    code = "badge.no_answer"
    vi = "Khách chưa nhận lời hoặc chưa cho biết tên trên thẻ."
    en = "The guest has not accepted, or has not given the name for the badge."


class StaffRole(StrEnum):
    ORGANISER = "organiser"
    GATE = "gate"
    VOLUNTEER = "volunteer"
    TECHNICIAN = "technician"


class BadgeDesign(NamedTuple):
    vi: str
    en: str
    colour: str  # behind white letters: a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3)


COMPANION = BadgeDesign("Người đi cùng", "Companion", "#5a5a5a")
BADGE_DESIGNS: dict[GuestRole | StaffRole, BadgeDesign] = {
    GuestRole.DELEGATE: BadgeDesign("Đại biểu", "Delegate", "#1f4e79"),
    GuestRole.SPEAKER: BadgeDesign("Diễn giả", "Speaker", "#a3271f"),
    GuestRole.CHAIR: BadgeDesign("Chủ tọa", "Chair", "#5b2a86"),
    GuestRole.OBSERVER: BadgeDesign("Quan sát viên", "Observer", "#4d5a1e"),
    GuestRole.PRESS: BadgeDesign("Báo chí", "Press", "#7a4a00"),
    StaffRole.ORGANISER: BadgeDesign("Ban tổ chức", "Organiser", "#0b5c33"),
    StaffRole.GATE: BadgeDesign("Soát vé", "Gate", "#0b5a5a"),
    StaffRole.VOLUNTEER: BadgeDesign("Tình nguyện viên", "Volunteer", "#9c3d00"),
    StaffRole.TECHNICIAN: BadgeDesign("Kỹ thuật", "Technician", "#333333"),
}


class Badge(NamedTuple):
    occasion: str
    name: str
    origin: str
    design: BadgeDesign
    ticket: str | None = None  # the signed ticket in its QR code


def guest_badges(
    one: Invitation,
    occasion: str,
    delegation: Delegation | None,
    ticket: str | None,
    language: Language,
) -> list[Badge]:
    """The badge of the guest, then those of their companions.

    One ticket lets all of them in, so only the badge of the guest shows it. Raises `NoBadgeYet`.
    """
    answer = one.said
    if one.status is not InvitationStatus.ACCEPTED or answer is None or answer.name is None:
        raise NoBadgeYet
    origin = ""
    if delegation is not None:
        facts = delegation.facts
        origin = f"{facts.organisation.in_(language)}\n{facts.city}, {facts.country}"
    first = Badge(occasion, answer.name, origin, BADGE_DESIGNS[one.facts.role], ticket)
    return [first, *(Badge(occasion, name, origin, COMPANION) for name in answer.companions)]
