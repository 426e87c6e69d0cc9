"""Sign-in by a one-time code, refresh tokens, and the public keys."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from services.registry.dependencies import TheAccessTokenSigner, TheSignInService
from services.registry.people.api import PersonView
from services.registry.people.contact import Email
from services.registry.sign_in.access_token import AccessTokenSigner
from services.registry.sign_in.rules import CodeVoid, CodeWrong, RefreshRefused, TooManyCodes
from services.registry.sign_in.service import SignInResult
from shared.http.access import anyone
from shared.http.problems import problems
from shared.text import Language

router = APIRouter(tags=["sign-in"], dependencies=[anyone])


class Asked(BaseModel):
    email: Email
    language: Language = "vi"


class ChallengeView(BaseModel):
    challenge_id: UUID
    expires_at: datetime


class Answered(BaseModel):
    challenge_id: UUID
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class Refresh(BaseModel):
    refresh_token: Annotated[str, StringConstraints(max_length=200)]


class Tokens(BaseModel):
    """RFC 6749, 5.1, and who it is."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int  # seconds
    person: PersonView


@router.post("/v1/sign-in/challenges", status_code=202, responses=problems(TooManyCodes))
async def ask(body: Asked, sign_in: TheSignInService) -> ChallengeView:
    """Send a one-time code to an address. The answer is the same whether or not it is known."""
    challenge = await sign_in.send_code(body.email, body.language)
    return ChallengeView(challenge_id=challenge.id, expires_at=challenge.expires_at)


@router.post("/v1/sign-in/tokens", responses=problems(CodeWrong, CodeVoid))
async def answer(body: Answered, sign_in: TheSignInService, signer: TheAccessTokenSigner) -> Tokens:
    """Sign in with the code. Somebody new becomes a registered person."""
    return _tokens(await sign_in.sign_in(body.challenge_id, body.code), signer)


@router.post("/v1/sign-in/refresh", responses=problems(RefreshRefused))
async def refresh(body: Refresh, sign_in: TheSignInService, signer: TheAccessTokenSigner) -> Tokens:
    """New tokens for a refresh token, which is then spent. Shown again, it ends the sign-in."""
    return _tokens(await sign_in.refresh(body.refresh_token), signer)


@router.post("/v1/sign-in/end", status_code=204, responses=problems(RefreshRefused))
async def end(body: Refresh, sign_in: TheSignInService) -> None:
    """Sign out on this device. Access tokens already given run out by themselves."""
    await sign_in.sign_out(body.refresh_token)


@router.get("/.well-known/jwks.json")
async def jwks(signer: TheAccessTokenSigner) -> dict[str, Any]:
    """The keys our access tokens are signed with (RFC 7517)."""
    return signer.keys.jwks()


def _tokens(result: SignInResult, signer: AccessTokenSigner) -> Tokens:
    return Tokens(
        access_token=result.access_token,
        refresh_token=result.refresh_token,
        expires_in=int(signer.lifetime.total_seconds()),
        person=PersonView.of(result.person),
    )
