"""Profiles of designers: the public directory, one's own profile, and the registrars' review."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
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
from shared.text import Line

router = APIRouter(prefix="/v1/designers", tags=["designers"])


class ProfileView(BaseModel):
    """A profile as its owner and the registrars see it."""

    id: UUID
    status: Status
    content: ProfileContent
    published: ProfileContent | None
    note: str | None
    changed_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> "ProfileView":
        return cls.model_validate(profile, from_attributes=True)


class DesignerView(BaseModel):
    """A designer in the public directory."""

    id: UUID
    display_name: str
    bio: str
    disciplines: tuple[str, ...]
    links: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile) -> "DesignerView":
        if profile.published is None:
            raise ProfileUnknown
        return cls(id=profile.id, **profile.published.model_dump())


class Returned(BaseModel):
    note: Line


@router.get("", dependencies=[anyone])
async def search(
    profiles: AllProfiles,
    page: Paging,
    q: Annotated[str, Query(max_length=100)] = "",
    discipline: Annotated[Discipline | None, Query()] = None,
) -> Page[DesignerView]:
    """The public directory. Search is blind to case and diacritics."""
    found, following = await profiles.search(q, discipline, page)
    return Page(items=[DesignerView.of(profile) for profile in found], next=following)


@router.get("/me", response_model=ProfileView, responses=problems(ProfileUnknown))
async def read_mine(who: SignedIn, profiles: AllProfiles) -> Response:
    profile = await profiles.get(who.person_id)
    return reply(ProfileView.of(profile), version=profile.version).response()


@router.put(
    "/me",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, AlreadySubmitted, PreconditionFailed),
)
async def draft(
    body: ProfileContent, who: SignedIn, profiles: AllProfiles, execute: Execute
) -> Response:
    """Write or rewrite one's own profile. What is public stays as it was approved."""
    return await execute(profiles, who.person_id, rules.Draft(who.person_id, body), ProfileView.of)


@router.post(
    "/me/submission",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, AlreadySubmitted, NothingNew),
)
async def submit(who: SignedIn, profiles: AllProfiles, execute: Execute) -> Response:
    """Ask a registrar to approve it."""
    return await execute(profiles, who.person_id, rules.Submit(), ProfileView.of)


@router.get("/submitted")
async def list_submitted(who: Registrar, profiles: AllProfiles, page: Paging) -> Page[ProfileView]:
    """Profiles that wait for review, the longest waiting first."""
    found, following = await profiles.waiting(page)
    return Page(items=[ProfileView.of(profile) for profile in found], next=following)


@router.get("/{designer_id}", dependencies=[anyone], responses=problems(ProfileUnknown))
async def read(designer_id: UUID, profiles: AllProfiles) -> DesignerView:
    return DesignerView.of(await profiles.get(designer_id))


@router.post(
    "/{designer_id}/approval",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, NothingToReview),
)
async def approve(
    designer_id: UUID, who: Registrar, profiles: AllProfiles, execute: Execute
) -> Response:
    """Put the submitted text in the public directory."""
    return await execute(profiles, designer_id, rules.Approve(), ProfileView.of)


@router.post(
    "/{designer_id}/return",
    response_model=ProfileView,
    responses=problems(ProfileUnknown, NothingToReview),
)
async def give_back(
    designer_id: UUID, body: Returned, who: Registrar, profiles: AllProfiles, execute: Execute
) -> Response:
    """Ask the designer for changes, and say which."""
    return await execute(profiles, designer_id, rules.Return(body.note), ProfileView.of)
