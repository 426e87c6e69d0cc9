"""Sign-in: a one-time code by e-mail, then a refresh token that changes with each use.

If a refresh token is used a second time, then somebody has copied it. So the whole sign-in of that
device ends (RFC 9700, 4.14.2).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never
from uuid import UUID

from services.registry.people.contact import email_key
from shared.aggregates import Aggregate, Decision
from shared.contracts.registry import PersonChallenged
from shared.errors import DomainError, TooMany, Unauthenticated
from shared.text import Language


class CodeWrong(DomainError):
    status = 401
    code = "signin.code_wrong"
    vi = "Mã không đúng. Bạn còn {left} lần thử."
    en = "The code is not right. You have {left} tries left."


class CodeVoid(DomainError):
    status = 410
    code = "signin.code_void"
    vi = "Mã đã hết hạn hoặc đã dùng. Hãy xin mã mới."
    en = "The code has expired or was used. Ask for a new one."


class TooManyCodes(TooMany):
    code = "signin.too_many_codes"
    vi = "Đã gửi quá nhiều mã tới địa chỉ này. Hãy thử lại sau {retry_after} giây."
    en = "Too many codes were sent to this address. Try again in {retry_after} seconds."


class RefreshRefused(Unauthenticated):
    code = "signin.refresh_refused"
    vi = "Phiên đăng nhập đã kết thúc. Hãy đăng nhập lại."
    en = "This sign-in has ended. Sign in again."


class Challenge(Aggregate):
    """A code that was sent to an address. Who knows the code can read the mail of that address."""

    person_id: UUID  # of the person with this address, or the id that a new person will get
    email: str
    email_key: str
    language: Language
    code_hash: bytes
    asked_at: datetime
    expires_at: datetime
    tries_left: int
    used: bool = False

    def hash_of(self, code: str) -> bytes:
        return hash_code(self.id, code)


def hash_code(challenge_id: UUID, code: str) -> bytes:
    return hashlib.sha256(challenge_id.bytes + code.encode()).digest()


def hash_email(email: str) -> bytes:
    return hashlib.sha256(email_key(email).encode()).digest()


@dataclass(frozen=True, slots=True)
class RequestCode:
    challenge_id: UUID
    person_id: UUID
    email: str
    language: Language
    code: str
    lifetime: timedelta
    tries: int


@dataclass(frozen=True, slots=True)
class EnterCode:
    code: str


Command = RequestCode | EnterCode


def decide(challenge: Challenge | None, command: Command, now: datetime) -> Decision[Challenge]:
    match command:
        case RequestCode():
            return request_code(command, now)
        case EnterCode():
            return enter_code(challenge, command, now)
        case _:
            assert_never(command)


def request_code(command: RequestCode, now: datetime) -> Decision[Challenge]:
    challenge = Challenge(
        id=command.challenge_id,
        person_id=command.person_id,
        email=command.email,
        email_key=email_key(command.email),
        language=command.language,
        code_hash=hash_code(command.challenge_id, command.code),
        asked_at=now,
        expires_at=now + command.lifetime,
        tries_left=command.tries,
    )
    told = PersonChallenged(
        person_id=command.person_id,
        email=command.email,
        code=command.code,
        language=command.language,
        expires_at=challenge.expires_at,
    )
    return Decision(challenge, (told,))


def enter_code(
    challenge: Challenge | None, command: EnterCode, now: datetime
) -> Decision[Challenge]:
    """A right code is used up; a wrong one costs a try. Raises `CodeVoid`.

    A wrong code is no error here, because the lost try must be stored.
    """
    if challenge is None or challenge.used or challenge.tries_left <= 0:
        raise CodeVoid
    if now >= challenge.expires_at:
        raise CodeVoid
    if hmac.compare_digest(challenge.code_hash, challenge.hash_of(command.code)):
        return Decision(challenge.changed(used=True))
    return Decision(challenge.changed(tries_left=challenge.tries_left - 1))


class DeviceSignIn(Aggregate):
    """The sign-in of one device, and the refresh token that is valid now."""

    person_id: UUID
    token_hash: bytes
    began_at: datetime
    expires_at: datetime
    ended: Literal["signed_out", "token_reused"] | None = None


def hash_token(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def refresh(
    found: DeviceSignIn | None, shown: str, fresh: str, now: datetime, lifetime: timedelta
) -> DeviceSignIn:
    """The sign-in with its next token `fresh`; or ended, if `shown` was used before.

    Raises `RefreshRefused` for one that is unknown, ended or expired.
    """
    if found is None or found.ended or now >= found.expires_at:
        raise RefreshRefused
    if not hmac.compare_digest(found.token_hash, hash_token(shown)):
        return found.model_copy(update={"ended": "token_reused"})
    return found.model_copy(update={"token_hash": hash_token(fresh), "expires_at": now + lifetime})
