"""Access tokens: JWTs (RFC 7519) that are valid for a few minutes."""

from datetime import datetime, timedelta

from services.registry.people.rules import Person
from shared.signing import KeyRing


class AccessTokenSigner:
    def __init__(self, keys: KeyRing, issuer: str, audience: str, lifetime: timedelta) -> None:
        self.keys = keys
        self.lifetime = lifetime
        self._issuer = issuer
        self._audience = audience

    def sign(self, person: Person, now: datetime) -> str:
        return self.keys.sign(
            {
                "iss": self._issuer,
                "aud": self._audience,
                "sub": str(person.id),
                "roles": [str(role) for role in person.roles],
                "iat": int(now.timestamp()),
                "exp": int((now + self.lifetime).timestamp()),
            }
        )
