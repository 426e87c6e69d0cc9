"""Sign-in by a one-time code, refresh tokens, and the public keys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, StringConstraints

from services.registry.dependencies import TheAccessTokenSigner, TheSignInService
from services.registry.people.api import PersonView
from services.registry.people.contact import Email
from services.registry.sign_in.access_token import AccessTokenSigner
from services.registry.sign_in.rules import CodeVoid, CodeWrong, RefreshRefused, TooManyCodes
from services.registry.sign_in.service import SignInResult
from shared.http.access import anyone
from shared.http.problems import problems
from shared.schema import Schema, example
from shared.signing import PublicKeys
from shared.text import Language

router = APIRouter(tags=["sign-in"], dependencies=[anyone])


class Asked(Schema):
    """Where to send a one-time code."""

    model_config = ConfigDict(
        json_schema_extra=example({"email": "lan@example.com", "language": "vi"})
    )

    email: Email
    """The e-mail address of the person who signs in."""
    language: Language = "vi"
    """The language of the e-mail with the code."""


class ChallengeView(Schema):
    """A code is on its way."""

    challenge_id: UUID
    """Send it together with the code."""
    expires_at: datetime
    """Until when the code is good: RFC 3339, in UTC."""


class Answered(Schema):
    """The code that arrived by e-mail."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"challenge_id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24", "code": "284913"}
        )
    )

    challenge_id: UUID
    """As the request for the code was answered."""
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    """The six digits of the e-mail."""


class Refresh(Schema):
    """A refresh token, as the sign-in or the last refresh gave it."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"refresh_token": "0199f3a27c417b609d5e3f0c8a6b1e24.Zk1vQ3J0c1hWb2xHYnR5"}
        )
    )

    refresh_token: Annotated[str, StringConstraints(max_length=200)]
    """It is good once: each use gives a new one."""


class Tokens(Schema):
    """Tokens as in RFC 6749, 5.1, and the person they are for."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "access_token": "eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiIwMTk5ZjNhMiJ9.c2lnbmF0dXJl",
                "refresh_token": "0199f3a27c417b609d5e3f0c8a6b1e24.Zk1vQ3J0c1hWb2xHYnR5",
                "token_type": "Bearer",
                "expires_in": 600,
                "person": {
                    "id": "0199f3a2-7c41-7b60-9d5e-3f0c8a6b1e24",
                    "email": "lan@example.com",
                    "phone": "+84912345678",
                    "name": "Nguyễn Thị Lan",
                    "language": "vi",
                    "roles": [],
                },
            }
        )
    )

    access_token: str
    """A signed JWT: send it as `Authorization: Bearer …` to any of the services."""
    refresh_token: str
    """For new tokens once this access token expires; it is good once."""
    token_type: Literal["Bearer"] = "Bearer"
    """How the access token is sent (RFC 6750)."""
    expires_in: int
    """For how many seconds the access token is good."""
    person: PersonView
    """The person who signed in."""


@router.post("/v1/sign-in/challenges", status_code=202, responses=problems(TooManyCodes))
async def request_sign_in_code(body: Asked, sign_in: TheSignInService) -> ChallengeView:
    """Send a one-time code to an e-mail address.

    The answer is the same whether or not the address is known.
    """
    challenge = await sign_in.send_code(body.email, body.language)
    return ChallengeView(challenge_id=challenge.id, expires_at=challenge.expires_at)


@router.post("/v1/sign-in/tokens", responses=problems(CodeWrong, CodeVoid))
async def sign_in(
    body: Answered, sign_in: TheSignInService, signer: TheAccessTokenSigner
) -> Tokens:
    """Sign in with the code. Somebody new is registered by this."""
    return _tokens(await sign_in.sign_in(body.challenge_id, body.code), signer)


@router.post("/v1/sign-in/refresh", responses=problems(RefreshRefused))
async def refresh_tokens(
    body: Refresh, sign_in: TheSignInService, signer: TheAccessTokenSigner
) -> Tokens:
    """Get new tokens for a refresh token.

    The old one is then used up. If it is sent again, somebody has copied it: the sign-in ends.
    """
    return _tokens(await sign_in.refresh(body.refresh_token), signer)


@router.post("/v1/sign-in/end", status_code=204, responses=problems(RefreshRefused))
async def sign_out(body: Refresh, sign_in: TheSignInService) -> None:
    """Sign out on this device. Access tokens that were given before stay good until they expire."""
    await sign_in.sign_out(body.refresh_token)


@router.get("/.well-known/jwks.json")
async def read_token_keys(signer: TheAccessTokenSigner) -> PublicKeys:
    """The public keys that access tokens are signed with (RFC 7517)."""
    return PublicKeys(**signer.keys.jwks())


def _tokens(result: SignInResult, signer: AccessTokenSigner) -> Tokens:
    return Tokens(
        access_token=result.access_token,
        refresh_token=result.refresh_token,
        expires_in=int(signer.lifetime.total_seconds()),
        person=PersonView.of(result.person),
    )
