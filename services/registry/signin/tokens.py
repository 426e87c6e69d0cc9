"""Access tokens: short-lived JWTs (RFC 7519), signed with Ed25519 (RFC 8037, RFC 9864)."""

import json
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from services.registry.people.rules import Person

ALGORITHM = "Ed25519"


class TokenSigner:
    """Signs with the first of its keys; publishes all, so that a key can be changed unnoticed:

    put the new key last, wait until every service has fetched the keys (five minutes), move it to
    the front, and drop the old one when its last token has expired.
    """

    def __init__(self, private_jwks: str, issuer: str, audience: str, lifetime: timedelta) -> None:
        keys = KeySet.import_key_set(json.loads(private_jwks))
        if not keys.keys or any(not isinstance(key, OKPKey) for key in keys.keys):
            raise ValueError("SIGNING_KEYS must hold Ed25519 keys: make one with `keys new`")
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self.lifetime = lifetime

    @property
    def public(self) -> KeySet:
        return KeySet.import_key_set(self._keys.as_dict(private=False))

    def jwks(self) -> dict[str, Any]:
        """The public keys, as published."""
        return dict(self._keys.as_dict(private=False))

    def sign(self, person: Person, now: datetime) -> str:
        key = self._keys.keys[0]
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(person.id),
            "roles": [str(role) for role in person.roles],
            "iat": int(now.timestamp()),
            "exp": int((now + self.lifetime).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def new_keys() -> str:
    """A private JWKS with one fresh key, as JSON."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    return json.dumps({"keys": [key.as_dict(private=True)]})
