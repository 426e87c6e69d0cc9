"""Sign-in, over challenges, people and the sign-ins of devices."""

import math
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.registry.people.contact import email_key
from services.registry.people.rules import Person, Register
from services.registry.people.store import People
from services.registry.settings import Settings
from services.registry.sign_in import rules
from services.registry.sign_in.access_token import AccessTokenSigner
from services.registry.sign_in.rules import (
    Challenge,
    CodeWrong,
    DeviceSignIn,
    EnterCode,
    RequestCode,
    TooManyCodes,
)
from services.registry.sign_in.store import Challenges, DeviceSignIns
from shared.clock import Clock
from shared.ids import new_id
from shared.mongo import Mongo, Tx
from shared.roles import Role
from shared.text import Language


class SignInResult(NamedTuple):
    access_token: str
    refresh_token: str
    person: Person


class SignInService:
    """Sends codes, signs devices in and out, and issues their tokens."""

    def __init__(
        self,
        mongo: Mongo,
        settings: Settings,
        clock: Clock,
        people: People,
        challenges: Challenges,
        sign_ins: DeviceSignIns,
        signer: AccessTokenSigner,
    ) -> None:
        self._mongo = mongo
        self._settings = settings
        self._clock = clock
        self._people = people
        self._challenges = challenges
        self._sign_ins = sign_ins
        self._signer = signer

    async def send_code(self, email: str, language: Language) -> Challenge:
        """Send a code to this address, whether somebody is registered with it or not.

        Raises `TooManyCodes`.
        """
        now = self._clock()
        key, fresh_person = new_id(), new_id()
        code = f"{secrets.randbelow(1_000_000):06d}"

        async def work(tx: Tx) -> Challenge:
            await self._check_limit(tx, email, now)
            known = await self._people.by_email(email, tx)
            command = RequestCode(
                challenge_id=key,
                person_id=known.id if known else fresh_person,
                email=email,
                language=language,
                code=code,
                lifetime=timedelta(minutes=self._settings.code_minutes),
                tries=self._settings.code_attempts,
            )
            return await self._challenges.perform(tx, key, command, now)

        return await self._mongo.transaction(work)

    async def _check_limit(self, tx: Tx, email: str, now: datetime) -> None:
        limit = self._settings.codes_an_hour
        sent = await self._challenges.sent_since(tx, email, now - timedelta(hours=1))
        if len(sent) >= limit:
            wait = sent[-limit] + timedelta(hours=1) - now
            raise TooManyCodes(retry_after=max(1, math.ceil(wait.total_seconds())))
        await self._challenges.conflict_with_others(tx, email, now)

    async def sign_in(self, challenge_id: UUID, code: str) -> SignInResult:
        """Sign in with a code. A new person is registered.

        Raises `CodeWrong` (and stores that a try is lost) or `CodeVoid`.
        """
        now = self._clock()
        secret = secrets.token_urlsafe(32)

        async def work(tx: Tx) -> SignInResult | CodeWrong:
            challenge = await self._challenges.perform(tx, challenge_id, EnterCode(code), now)
            if not challenge.used:
                return CodeWrong(left=challenge.tries_left)
            person = await self._find_or_register(tx, challenge, now)
            sign_in = DeviceSignIn(
                id=new_id(),
                person_id=person.id,
                token_hash=rules.hash_token(secret),
                began_at=now,
                expires_at=now + self._refresh_lifetime,
            )
            await self._sign_ins.save(tx, sign_in)
            return self._result(sign_in, secret, person, now)

        result = await self._mongo.transaction(work)
        if isinstance(result, CodeWrong):
            raise result
        return result

    async def _find_or_register(self, tx: Tx, challenge: Challenge, now: datetime) -> Person:
        known = await self._people.by_email(challenge.email, tx)
        if known is not None:
            return known
        admins = map(email_key, self._settings.admin_emails)
        roles = (Role.ADMIN,) if challenge.email_key in admins else ()
        command = Register(challenge.person_id, challenge.email, challenge.language, roles)
        return await self._people.perform(tx, challenge.person_id, command, now)

    async def refresh(self, refresh_token: str) -> SignInResult:
        """New tokens for a refresh token, which is then used up. Raises `RefreshRefused`."""
        now = self._clock()
        fresh = secrets.token_urlsafe(32)
        key, shown = _split(refresh_token)

        async def work(tx: Tx) -> SignInResult | None:
            found = await self._sign_ins.find(key, tx)
            after = rules.refresh(found, shown, fresh, now, self._refresh_lifetime)
            await self._sign_ins.save(tx, after)
            if after.ended:
                return None
            person = await self._people.get(after.person_id, tx)
            return self._result(after, fresh, person, now)

        result = await self._mongo.transaction(work)
        if result is None:
            raise rules.RefreshRefused
        return result

    async def sign_out(self, refresh_token: str) -> None:
        """End the sign-in of this token. If there is none, nothing happens."""
        key, shown = _split(refresh_token)

        async def work(tx: Tx) -> None:
            found = await self._sign_ins.find(key, tx)
            if found is not None and found.token_hash == rules.hash_token(shown):
                await self._sign_ins.save(tx, found.model_copy(update={"ended": "signed_out"}))

        await self._mongo.transaction(work)

    @property
    def _refresh_lifetime(self) -> timedelta:
        return timedelta(days=self._settings.refresh_days)

    def _result(
        self, sign_in: DeviceSignIn, secret: str, person: Person, now: datetime
    ) -> SignInResult:
        return SignInResult(self._signer.sign(person, now), f"{sign_in.id}.{secret}", person)


def _split(refresh_token: str) -> tuple[UUID, str]:
    key, _, secret = refresh_token.partition(".")
    try:
        return UUID(key), secret
    except ValueError as error:
        raise rules.RefreshRefused from error
