"""Signing keys: Ed25519 (RFC 8037; the algorithm is named as RFC 9864 does), as a private JWKS."""

import json
import secrets
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import ConfigDict

from shared.schema import Schema, example

ALGORITHM = "Ed25519"


class PublicKeys(Schema):
    """A JSON Web Key Set (RFC 7517), without private parts."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "keys": [
                    {
                        "kty": "OKP",
                        "crv": "Ed25519",
                        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                        "use": "sig",
                        "alg": "Ed25519",
                        "kid": "q3Zk1vQw",
                    }
                ]
            }
        )
    )

    keys: list[dict[str, Any]]
    """The keys that signatures can be made with; a signature names its key by `kid`."""


class BadSignature(Exception):
    """None of these keys has signed it, or it is no signed token."""


class KeyRing:
    """Signs with the first of its keys, and publishes all of them.

    To change the key without an interruption: add the new key at the end. Wait until everybody has
    fetched the keys (our services: five minutes). Move the new key to the front. Remove the old one
    when nothing that it signed is valid any more.
    """

    def __init__(self, private_jwks: str) -> None:
        keys = KeySet.import_key_set(json.loads(private_jwks))
        if not keys.keys or any(not isinstance(key, OKPKey) for key in keys.keys):
            raise ValueError("signing keys must be Ed25519: `python -m shared.signing` makes one")
        self._keys = keys
        self.public = KeySet.import_key_set(keys.as_dict(private=False))

    def jwks(self) -> dict[str, Any]:
        """The public keys, as published (RFC 7517)."""
        return dict(self.public.as_dict(private=False))

    def sign(self, claims: dict[str, Any]) -> str:
        """A compact JWS (RFC 7515) of the claims. The same claims give the same token."""
        key = self._keys.keys[0]
        payload = json.dumps(claims, separators=(",", ":")).encode()
        header = {"alg": ALGORITHM, "kid": key.kid}
        return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token that one of our keys signed. Raises `BadSignature`."""
        try:
            found = jws.deserialize_compact(token, self.public, algorithms=[ALGORITHM])
            claims = json.loads(found.payload)
        except (JoseError, ValueError) as error:
            raise BadSignature from error
        if not isinstance(claims, dict):
            raise BadSignature
        return claims


def new_keys() -> str:
    """A private JWKS with one fresh key, as JSON."""
    # A short key id keeps QR codes small; there are only a few keys.
    key = OKPKey.generate_key(
        "Ed25519", {"use": "sig", "alg": ALGORITHM, "kid": secrets.token_urlsafe(6)}
    )
    return json.dumps({"keys": [key.as_dict(private=True)]})


if __name__ == "__main__":
    print(new_keys())
