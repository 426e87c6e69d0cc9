"""Invitations as guests see them: by the secret link in a letter, or signed in."""

from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field, ValidationError, model_validator
from starlette.responses import RedirectResponse, Response

from services.events.booking.changes.errors import Blocked, CostsMore, NoSeatsLeft
from services.events.booking.registrations.errors import GroupTooLarge
from services.events.forum.dependencies import AllInvitations, TheInvitationService
from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations.errors import AnswerClosed, GuestCameIn, TooManyCompanions
from services.events.forum.invitations.rules import Invitation, InvitationStatus, Reply
from services.events.forum.invitations.service import InvitationAnswer
from services.events.forum.invitations.store import Needs
from services.events.forum.rsvp import pages as page
from services.events.forum.rsvp.views import GuestView, InvitationViews
from services.events.programme.sessions.rules import SessionIsCancelled
from shared.clock import now
from shared.errors import DomainError, InvalidInput
from shared.http.access import SignedIn, Visitor, anyone
from shared.http.paging import Page, Paging
from shared.http.problems import from_validation, problems
from shared.text import Line, Prose

router = APIRouter(prefix="/v1", tags=["guests"])
Secret = Annotated[str, Path(max_length=100)]
REFUSALS = (
    AnswerClosed,
    TooManyCompanions,
    GroupTooLarge,
    NoSeatsLeft,
    CostsMore,
    Blocked,
    GuestCameIn,
    SessionIsCancelled,
)


class NeedsIn(BaseModel):
    """Kept only with the guest's consent, for organisers' eyes alone, until it is erased."""

    diet: Prose = ""
    access: Prose = ""
    consent: Literal[True]


class AnswerIn(BaseModel):
    reply: Reply
    name: Line | None = None  # as it is to stand on the badge
    companions: Annotated[tuple[Line, ...], Field(max_length=9)] = ()  # their names
    needs: NeedsIn | None = None  # unsaid: what was told before stands

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.reply is Reply.YES and self.name is None:
            raise ValueError("who says yes says what they are called")
        return self

    def words(self) -> InvitationAnswer:
        needs = None
        if self.needs is not None:
            told = self.needs
            needs = Needs(diet=told.diet, access=told.access, consented_at=now())
        return InvitationAnswer(self.reply, self.name, self.companions, needs)


Show = Annotated[InvitationViews, Depends(InvitationViews)]


async def own_invitation(
    invitation_id: UUID, who: SignedIn, invitations: AllInvitations
) -> Invitation:
    """One that was sent to this person; for others it does not exist."""
    found = await invitations.get(invitation_id)
    hidden = found.status in (InvitationStatus.DRAFTED, InvitationStatus.REVOKED)
    if found.facts.person_id != who.person_id or hidden:
        raise InvitationUnknown
    return found


Own = Annotated[Invitation, Depends(own_invitation)]
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}


def on_a_page(described: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """For `responses=`: these errors, which a browser is told on a page."""
    return {
        status: one | {"content": one["content"] | PAGE[200]["content"]}
        for status, one in described.items()
    }


@router.get(
    "/invitations/{secret}",
    dependencies=[anyone],
    response_model=GuestView,
    responses=on_a_page(problems(InvitationUnknown)) | PAGE,
)
async def open_letter(
    secret: Secret, request: Request, desk: TheInvitationService, show: Show
) -> Response:
    """The invitation behind a secret link: JSON, or a page to answer on for `Accept: text/html`."""
    reads = "text/html" in request.headers.get("accept", "")
    try:
        view = await show.view(await desk.open(secret))
    except InvitationUnknown as error:
        if reads:
            return page.refused(error)
        raise
    return page.letter(view) if reads else _json(view)


@router.put(
    "/invitations/{secret}/answer",
    response_model=GuestView,
    responses=problems(InvitationUnknown, *REFUSALS),
)
async def answer(
    secret: Secret, body: AnswerIn, who: Visitor, desk: TheInvitationService, show: Show
) -> Response:
    """Answer, or answer otherwise, until the deadline. Who is signed in has a place with a yes."""
    found = await desk.by_link(secret, body.words(), who.person_id if who else None)
    return _json(await show.view(found))


@router.post(
    "/invitations/{secret}",
    response_class=Response,
    status_code=303,
    responses=on_a_page(problems(InvitationUnknown, InvalidInput, *REFUSALS)),
    openapi_extra={
        "requestBody": {
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "additionalProperties": {"type": "string"}}
                }
            }
        }
    },
)
async def answer_on_the_page(
    secret: Secret, request: Request, who: Visitor, desk: TheInvitationService
) -> Response:
    """The same, as the page sends it: the secret in the address is all it knows, no cookie."""
    try:
        body = _form(await request.body())
        await desk.by_link(secret, body.words(), who.person_id if who else None)
    except DomainError as error:
        return page.refused(error)
    return RedirectResponse(request.url.path.rpartition("/")[2], status_code=303)


@router.delete(
    "/invitations/{secret}/needs",
    dependencies=[anyone],
    status_code=204,
    responses=problems(InvitationUnknown),
)
async def forget_by_link(secret: Secret, desk: TheInvitationService) -> None:
    """Erase what one has told of diet and access."""
    await desk.forget((await desk.open(secret)).id, names=False)


@router.get("/me/invitations")
async def mine(
    who: SignedIn, invitations: AllInvitations, page: Paging, show: Show
) -> Page[GuestView]:
    """Those addressed to oneself."""
    found, following = await invitations.of_person(who.person_id, page)
    return Page(items=[await show.view(one) for one in found], next=following)


@router.put(
    "/me/invitations/{invitation_id}/answer",
    response_model=GuestView,
    responses=problems(InvitationUnknown, *REFUSALS),
)
async def answer_signed_in(
    own: Own, body: AnswerIn, who: SignedIn, desk: TheInvitationService, show: Show
) -> Response:
    """Answer, or answer otherwise, until the deadline. A yes takes a place, or joins the line."""
    return _json(await show.view(await desk.by_person(own.id, body.words(), who.person_id)))


@router.delete(
    "/me/invitations/{invitation_id}/needs",
    status_code=204,
    responses=problems(InvitationUnknown),
)
async def forget_own(own: Own, desk: TheInvitationService) -> None:
    """Erase what one has told of diet and access."""
    await desk.forget(own.id, names=False)


def _json(view: GuestView) -> Response:
    kept_nowhere = {"Cache-Control": "no-store"}
    return Response(view.model_dump_json(), 200, kept_nowhere, media_type="application/json")


def _form(body: bytes) -> AnswerIn:
    """What the page's form says. Raises what FastAPI's own validation would be answered with."""
    try:
        found = parse_qs(body.decode(), max_num_fields=20)
    except ValueError:
        found = {}
    fields: dict[str, Any] = {name: values[0] for name, values in found.items()}
    needs = {name: fields.get(name, "") for name in ("diet", "access", "consent")}
    said = {
        "reply": fields.get("reply"),
        "name": fields.get("name") or None,
        "companions": [line for line in fields.get("companions", "").splitlines() if line.strip()],
    }
    if needs["diet"] or needs["access"]:
        said["needs"] = needs | {"consent": needs["consent"] == "on"}
    try:
        return AnswerIn.model_validate(said)
    except ValidationError as error:
        wrong = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise from_validation(wrong) from error
