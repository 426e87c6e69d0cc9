"""Access tokens for tests, signed with keys that the tested services trust."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from shared.clock import now
from shared.http.keys import TrustedKeys
from shared.roles import Role
from shared.settings import Issuer
from shared.signing import KeyRing, new_keys


class TokenIssuer:
    """Issues access tokens like the registry; the tested services trust them."""

    def __init__(self) -> None:
        self.keys = KeyRing(new_keys())
        self.issuer = Issuer(issuer="https://registry.example", jwks_url="", home=True)

    def token(self, person: UUID, *roles: Role, seconds: float = 600, **claims: object) -> str:
        return self.keys.sign(
            {
                "iss": self.issuer.issuer,
                "aud": self.issuer.audience,
                "sub": str(person),
                "roles": [role.value for role in roles],
                "exp": int(now().timestamp() + seconds),
                **claims,
            }
        )

    def trusted(self) -> TrustedKeys:
        return TrustedKeys(self.issuer, self.keys.public, fixed=True)

    @contextmanager
    def published(self) -> Iterator[Issuer]:
        """The keys at a URL on this machine, for services in other processes."""
        jwks = json.dumps(self.keys.jwks()).encode()

        class Keys(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(jwks)

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/jwks.json"
            yield self.issuer.model_copy(update={"jwks_url": address})
        finally:
            server.shutdown()
            server.server_close()
