"""Invitations as guests see them: by the secret link in a letter, or when they are signed in."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from pydantic import ConfigDict, Field, ValidationError, model_validator
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
from shared.errors import DomainError, InvalidInput
from shared.http.access import MaybeSignedIn, SignedIn, anyone
from shared.http.now import Now
from shared.http.paging import Page, Paging
from shared.http.problems import from_validation, problems
from shared.schema import Schema, example
from shared.text import Line, Prose

router = APIRouter(prefix="/v1", tags=["answers to invitations"])
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


class GuestNeedsInput(Schema):
    """What a guest needs. It is kept only with their consent, for organisers alone, until it is
    erased."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"diet": "Ăn chay trường", "access": "Cần lối đi cho xe lăn", "consent": True}
        )
    )

    diet: Prose = ""
    """What they eat or do not eat."""
    access: Prose = ""
    """What they need in order to take part."""
    consent: Literal[True]
    """Always true: they agree that this is kept."""


class GuestAnswerInput(Schema):
    """A guest's answer."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "reply": "yes",
                "name": "Kenji Tanaka",
                "companions": ["Yuki Tanaka"],
                "needs": {"diet": "Ăn chay trường", "access": "", "consent": True},
            }
        )
    )

    reply: Reply
    """`yes`, `no` or `maybe`."""
    name: Line | None = None
    """The name for the badge; needed with a yes."""
    companions: Annotated[tuple[Line, ...], Field(max_length=9)] = ()
    """The names of those whom they bring."""
    needs: GuestNeedsInput | None = None
    """What they need; if it is missing, what was told before stays."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.reply is Reply.YES and self.name is None:
            raise ValueError("who says yes says what they are called")
        return self

    def answer(self, now: datetime) -> InvitationAnswer:
        needs = None
        if self.needs is not None:
            given = self.needs
            needs = Needs(diet=given.diet, access=given.access, consented_at=now)
        return InvitationAnswer(self.reply, self.name, self.companions, needs)


TheInvitationViews = Annotated[InvitationViews, Depends(InvitationViews)]


async def own_invitation(
    invitation_id: UUID, who: SignedIn, invitations: AllInvitations
) -> Invitation:
    """An invitation that was sent to this person. Raises `InvitationUnknown` for others."""
    found = await invitations.get(invitation_id)
    hidden = found.status in (InvitationStatus.DRAFTED, InvitationStatus.REVOKED)
    if found.facts.person_id != who.person_id or hidden:
        raise InvitationUnknown
    return found


Own = Annotated[Invitation, Depends(own_invitation)]
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}


def on_a_page(described: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """For `responses=`: these errors, which a browser gets as a page."""
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
async def open_invitation(
    secret: Secret, request: Request, service: TheInvitationService, views: TheInvitationViews
) -> Response:
    """The invitation behind a secret link: JSON, or a page for `Accept: text/html`."""
    wants_page = "text/html" in request.headers.get("accept", "")
    try:
        view = await views.view(await service.open(secret))
    except InvitationUnknown as error:
        if wants_page:
            return page.refused(error)
        raise
    return page.letter(view) if wants_page else _json(view)


@router.put(
    "/invitations/{secret}/answer",
    response_model=GuestView,
    responses=problems(InvitationUnknown, *REFUSALS),
)
async def answer_invitation(
    secret: Secret,
    body: GuestAnswerInput,
    who: MaybeSignedIn,
    service: TheInvitationService,
    views: TheInvitationViews,
    now: Now,
) -> Response:
    """Answer by the secret link, or change the answer, until the deadline.

    Those who are signed in have a seat with a yes.
    """
    found = await service.answer_by_link(secret, body.answer(now), who.person_id if who else None)
    return _json(await views.view(found))


@router.post(
    "/invitations/{secret}",
    response_class=Response,
    status_code=303,
    responses=on_a_page(problems(InvitationUnknown, InvalidInput, *REFUSALS)),
    openapi_extra={
        "requestBody": {
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
                    "example": {"reply": "yes", "name": "Trần Thu Hà"},
                }
            }
        }
    },
)
async def answer_invitation_on_page(
    secret: Secret, request: Request, who: MaybeSignedIn, service: TheInvitationService, now: Now
) -> Response:
    """Answer by the secret link, as the page sends it.

    The secret in the address is all that it needs; there is no cookie.
    """
    try:
        body = _form(await request.body())
        await service.answer_by_link(secret, body.answer(now), who.person_id if who else None)
    except DomainError as error:
        return page.refused(error)
    return RedirectResponse(request.url.path.rpartition("/")[2], status_code=303)


@router.delete(
    "/invitations/{secret}/needs",
    dependencies=[anyone],
    status_code=204,
    responses=problems(InvitationUnknown),
)
async def delete_needs_by_link(secret: Secret, service: TheInvitationService) -> None:
    """Erase what one has told of diet and access, by the secret link."""
    await service.forget((await service.open(secret)).id, names=False)


@router.get("/me/invitations")
async def list_my_invitations(
    who: SignedIn, invitations: AllInvitations, page: Paging, views: TheInvitationViews
) -> Page[GuestView]:
    """The invitations that are addressed to oneself."""
    found, following = await invitations.of_person(who.person_id, page)
    return Page(items=[await views.view(one) for one in found], next=following)


@router.put(
    "/me/invitations/{invitation_id}/answer",
    response_model=GuestView,
    responses=problems(InvitationUnknown, *REFUSALS),
)
async def answer_my_invitation(
    own: Own,
    body: GuestAnswerInput,
    who: SignedIn,
    service: TheInvitationService,
    views: TheInvitationViews,
    now: Now,
) -> Response:
    """Answer, or change the answer, until the deadline.

    A yes takes a seat, or a number on the waiting list.
    """
    return _json(
        await views.view(await service.answer_signed_in(own.id, body.answer(now), who.person_id))
    )


@router.delete(
    "/me/invitations/{invitation_id}/needs",
    status_code=204,
    responses=problems(InvitationUnknown),
)
async def delete_my_needs(own: Own, service: TheInvitationService) -> None:
    """Erase what one has told of diet and access."""
    await service.forget(own.id, names=False)


def _json(view: GuestView) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(view.model_dump_json(), 200, headers, media_type="application/json")


def _form(body: bytes) -> GuestAnswerInput:
    """Read the form of the page. Raises the same error as FastAPI's own validation."""
    try:
        found = parse_qs(body.decode(), max_num_fields=20)
    except ValueError:
        found = {}
    fields: dict[str, Any] = {name: values[0] for name, values in found.items()}
    needs = {name: fields.get(name, "") for name in ("diet", "access", "consent")}
    answer = {
        "reply": fields.get("reply"),
        "name": fields.get("name") or None,
        "companions": [line for line in fields.get("companions", "").splitlines() if line.strip()],
    }
    if needs["diet"] or needs["access"]:
        answer["needs"] = needs | {"consent": needs["consent"] == "on"}
    try:
        return GuestAnswerInput.model_validate(answer)
    except ValidationError as error:
        wrong = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise from_validation(wrong) from error
