"""Which access tokens are valid: the trusted issuers and their published keys (JWKS, RFC 7517)."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import httpx
import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.errors import Unauthenticated, Unavailable
from shared.http.principal import Principal
from shared.http.tls import trusted_authorities
from shared.roles import Role
from shared.settings import Issuer
from shared.stop import Stop

log = structlog.get_logger(__name__)

# Fully specified algorithms with public keys only: no "none", no shared secrets.
ALGORITHMS = ["Ed25519", "ES256", "RS256", "PS256"]
REFRESH_EVERY = 300.0  # seconds; publish a new key for so long before you sign with it
REFRESH_PAUSE = 10.0  # seconds between two fetches, however many tokens have unknown keys
FIRST_PAUSE = 1.0  # the same while no key is known: the issuer may start after us
LEEWAY = 30  # seconds by which the clocks of two machines may differ


@dataclass
class TrustedKeys:
    """The keys of one issuer: fetched over HTTP, or fixed (in the registry itself)."""

    issuer: Issuer
    keys: KeySet | None = None
    fixed: bool = False
    _tried_at: float = field(default=float("-inf"))

    def knows(self, kid: object) -> bool:
        return self.keys is not None and any(key.kid == kid for key in self.keys.keys)

    async def refresh(self, http: httpx.AsyncClient) -> None:
        """Fetch the keys again. If that fails, the keys we have stay."""
        pause = REFRESH_PAUSE if self.keys else FIRST_PAUSE
        if self.fixed or time.monotonic() - self._tried_at < pause:
            return
        self._tried_at = time.monotonic()
        try:
            answer = await http.get(self.issuer.jwks_url)
            answer.raise_for_status()
            self.keys = KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, ValueError, JoseError) as error:
            log.warning("keys.not_fetched", issuer=self.issuer.issuer, error=type(error).__name__)

    def check(self, claims: dict[str, Any]) -> None:
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer.issuer},
            aud={"essential": True, "value": self.issuer.audience},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)


class Verifier:
    """Turns an access token into a `Principal`, or refuses the token."""

    def __init__(self, trusted: Sequence[TrustedKeys]) -> None:
        self._trusted = {keys.issuer.issuer: keys for keys in trusted}
        self._http = httpx.AsyncClient(timeout=5, verify=trusted_authorities())

    @property
    def ready(self) -> bool:
        """True once the keys of one issuer are known."""
        return any(keys.keys is not None for keys in self._trusted.values())

    async def run(self, stop: Stop) -> None:
        """Fetch the keys every few minutes; every second while there are none."""
        while not stop.is_set():
            for keys in self._trusted.values():
                await keys.refresh(self._http)
            await stop.sleep(REFRESH_EVERY if self.ready else FIRST_PAUSE)
        await self._http.aclose()

    async def verify(self, token: str) -> Principal:
        """Raises `Unauthenticated`; or `Unavailable` while the keys of the issuer are unknown."""
        try:
            parts = jws.extract_compact(token.encode())
            claims = json.loads(parts.payload)
            trusted = self._trusted[claims["iss"]]
            if not trusted.knows(parts.headers().get("kid")):
                await trusted.refresh(self._http)
            if trusted.keys is None:
                raise Unavailable(retry_after=2)
            if not jws.validate_compact(parts, trusted.keys, algorithms=ALGORITHMS):
                raise Unauthenticated
            trusted.check(claims)
            return _principal(trusted.issuer, claims)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unauthenticated from error


def _principal(issuer: Issuer, claims: dict[str, Any]) -> Principal:
    subject = str(claims["sub"])
    if issuer.home:
        return Principal(UUID(subject), _roles(claims.get("roles")))
    found: Any = claims
    for step in (issuer.roles_claim or "").split(".") if issuer.roles_claim else ():
        found = found.get(step) if isinstance(found, dict) else None
    person = uuid5(uuid5(UUID(int=0), issuer.issuer), subject)
    return Principal(person, _roles(found if issuer.roles_claim else None))


def _roles(names: object) -> frozenset[Role]:
    """Those names that are roles here. Another issuer may have other roles, which do not count."""
    if not isinstance(names, list):
        return frozenset()
    return frozenset(Role(name) for name in names if name in Role.__members__.values())
