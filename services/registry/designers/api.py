"""Profiles of designers: the public directory, one's own profile, and the registrars' review."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict
from starlette.responses import Response

from services.registry.dependencies import AllProfiles, Registrar
from services.registry.designers import rules
from services.registry.designers.rules import (
    AlreadySubmitted,
    Discipline,
    NothingNew,
    NothingToReview,
    Profile,
    ProfileContent,
    ProfileUnknown,
    Status,
)
from shared.errors import PreconditionFailed
from shared.http.access import SignedIn, anyone
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.schema import Schema, example
from shared.text import Line

router = APIRouter(prefix="/v1/designers", tags=["designers"])


class ProfileView(Schema):
    """A profile as its owner and the registrars see it."""

    id: UUID
    """The id of its owner, a person in the registry."""
    status: Status
    """`draft`, then `submitted` for review, then `approved` or `returned` with a note."""
    content: ProfileContent
    """As its owner last wrote it."""
    published: ProfileContent | None
    """As it was last approved: what the public sees. Null: it is not public yet."""
    note: str | None
    """What the registrar asked to change, while it is `returned`."""
    changed_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> "ProfileView":
        return cls.model_validate(profile, from_attributes=True)


class DesignerView(Schema):
    """A designer in the public directory."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                "display_name": "Xưởng Giấy Dó Lan Phạm",
                "bio": "Làm giấy dó và đèn giấy ở làng Phong Khê từ năm 2015.",
                "disciplines": ["craft", "graphic"],
                "links": ["https://giaydo.example/"],
            }
        )
    )

    id: UUID
    """The designer's id: that of the person."""
    display_name: str
    """The name of the person or the studio."""
    bio: str
    """Who they are and what they make; may be empty."""
    disciplines: tuple[str, ...]
    """Fields of design, each as a short word: `architecture`, `graphic`, `craft`, `fashion`, …"""
    links: tuple[str, ...]
    """Addresses of their own pages."""

    @classmethod
    def of(cls, profile: Profile) -> "DesignerView":
        if profile.published is None:
            raise ProfileUnknown
        return cls(id=profile.id, **profile.published.model_dump())


class Returned(Schema):
    """Why a profile goes back to the designer."""

    model_config = ConfigDict(
        json_schema_extra=example({"note": "Phần giới thiệu chưa nói rõ bạn làm gì."})
    )

    note: Line
    """What to change; the designer reads it."""


@router.get("", dependencies=[anyone])
async def search_designers(
    profiles: AllProfiles,
    page: Paging,
    q: Annotated[str, Query(max_length=100)] = "",
    discipline: Annotated[
        Discipline | None, Query(description="Only those of this field of design.")
    ] = None,
) -> Page[DesignerView]:
    """The public directory of designers.

    Search takes no account of case and diacritics.
    """
    found, following = await profiles.search(q, discipline, page)
    return Page(items=[DesignerView.of(profile) for profile in found], next=following)


@router.get("/me", response_model=ProfileView, responses=problems(ProfileUnknown))
async def read_my_profile(who: SignedIn, profiles: AllProfiles) -> Response:
    """One's own profile."""
    profile = await profiles.get(who.person_id)
    return reply(ProfileView.of(profile), version=profile.version).response()


@router.put(
    "/me",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, AlreadySubmitted, PreconditionFailed),
)
async def write_my_profile(
    body: ProfileContent, who: SignedIn, profiles: AllProfiles, execute: Execute
) -> Response:
    """Write or rewrite one's own profile. What is public stays as it was approved."""
    return await execute(profiles, who.person_id, rules.Draft(who.person_id, body), ProfileView.of)


@router.post(
    "/me/submission",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, AlreadySubmitted, NothingNew),
)
async def submit_my_profile(who: SignedIn, profiles: AllProfiles, execute: Execute) -> Response:
    """Ask a registrar to approve one's own profile."""
    return await execute(profiles, who.person_id, rules.Submit(), ProfileView.of)


@router.get("/submitted")
async def list_submitted_profiles(
    who: Registrar, profiles: AllProfiles, page: Paging
) -> Page[ProfileView]:
    """Profiles that wait for review, the longest waiting first."""
    found, following = await profiles.waiting(page)
    return Page(items=[ProfileView.of(profile) for profile in found], next=following)


@router.get("/{designer_id}", dependencies=[anyone], responses=problems(ProfileUnknown))
async def read_designer(designer_id: UUID, profiles: AllProfiles) -> DesignerView:
    """A designer in the public directory."""
    return DesignerView.of(await profiles.get(designer_id))


@router.post(
    "/{designer_id}/approval",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, NothingToReview),
)
async def approve_profile(
    designer_id: UUID, who: Registrar, profiles: AllProfiles, execute: Execute
) -> Response:
    """Put the submitted text in the public directory."""
    return await execute(profiles, designer_id, rules.Approve(), ProfileView.of)


@router.post(
    "/{designer_id}/return",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, NothingToReview),
)
async def return_profile(
    designer_id: UUID, body: Returned, who: Registrar, profiles: AllProfiles, execute: Execute
) -> Response:
    """Ask the designer for changes, and say which."""
    return await execute(profiles, designer_id, rules.Return(body.note), ProfileView.of)
