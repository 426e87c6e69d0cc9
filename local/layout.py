"""Where everything of the local system is: folders, ports, addresses, secrets."""

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path

from shared.signing import new_keys
from shared.testing.children import DidNotStart

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("registry", "events", "applications", "notifications", "programme")
ADMIN = "quantri@hanoi.example"
DEFAULT_BASE = 8700


@dataclass(frozen=True)
class Layout:
    """`state` holds all data; `base` is the first of a block of ports on 127.0.0.1."""

    state: Path
    base: int

    @classmethod
    def default(cls) -> "Layout":
        """On the ports that it was started on last, so that only `up` may need a variable."""
        layout = cls(ROOT / ".local", asked_base() or DEFAULT_BASE)
        return layout.as_remembered() or layout

    def as_remembered(self) -> "Layout | None":
        """The same folder on the ports it was started on last; None if it never was."""
        try:
            return dataclasses.replace(self, base=int(self._base_file.read_text()))
        except (OSError, ValueError):
            return None

    def remember(self) -> None:
        self._base_file.parent.mkdir(parents=True, exist_ok=True)
        self._base_file.write_text(f"{self.base}\n")

    @property
    def _base_file(self) -> Path:
        return self.state / "port-base"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def port(self, name: str) -> int:
        """The port of a service, a sink or a server."""
        return self.base + _OFFSETS[name]

    def url(self, name: str) -> str:
        """Where a service or a sink is asked: here, or behind the gateway of docker-compose.yml."""
        gateway = os.environ.get("GATEWAY")
        return f"{gateway}/{name}" if gateway else f"http://127.0.0.1:{self.port(name)}"

    def mongodb_url(self) -> str:
        given = os.environ.get("MONGODB_URL")
        return given or f"mongodb://127.0.0.1:{self.port('mongodb')}/?replicaSet=rs0"

    def amqp_url(self) -> str:
        given = os.environ.get("AMQP_URL")
        return given or f"amqp://guest:guest@127.0.0.1:{self.port('rabbitmq')}/"

    def environment(self, service: str) -> dict[str, str]:
        """The settings that a service runs with here."""
        issuer = {
            "issuer": self.url("registry"),
            "jwks_url": f"{self.url('registry')}/.well-known/jwks.json",
            "home": True,
        }
        common = {
            "MONGODB_URL": self.mongodb_url(),
            "AMQP_URL": self.amqp_url(),
            "HTTP_PORT": str(self.port(service)),
            "LOG_FORMAT": "text",
            "CORS_ORIGINS": "http://localhost:3000",
        }
        own = {
            "registry": {
                "SIGNING_KEYS": self._secret("signing_keys"),
                "TOKEN_ISSUER": self.url("registry"),
                "ADMIN_EMAILS": ADMIN,
                "CODES_AN_HOUR": "1000",  # the demo signs the same people in again and again
            },
            "events": {
                "TICKET_KEYS": self._secret("ticket_keys"),
                "PUBLIC_URL": self.url("events"),
                # An account at no bank, so that nobody's money gets lost.
                "FEE_BANK_BIN": "999999",
                "FEE_BANK_NAME": "Ngân hàng Thử nghiệm",
                "FEE_ACCOUNT_NUMBER": "0123456789",
                "FEE_ACCOUNT_HOLDER": "SO VAN HOA VA THE THAO HA NOI",
            },
            "notifications": {
                "SMTP_PORT": str(self.port("smtp")),
                "SMPP_PORT": str(self.port("smpp")),
            },
        }
        if service != "registry":
            common["ISSUERS"] = json.dumps([issuer])
        return common | own.get(service, {})

    def _secret(self, name: str) -> str:
        """A key set made once for this machine."""
        file = self.state / "secrets" / f"{name}.json"
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(new_keys())
            file.chmod(0o600)
        return file.read_text()


def asked_base() -> int | None:
    """What LOCAL_PORT_BASE asks for, if anything. Raises `DidNotStart` if it is no such number."""
    asked = os.environ.get("LOCAL_PORT_BASE")
    if not asked:
        return None
    if not asked.isdecimal() or not 1024 <= int(asked) <= 65_000:
        raise DidNotStart(f"LOCAL_PORT_BASE is {asked}; wanted: a number from 1024 to 65000")
    return int(asked)


_OFFSETS = {
    "registry": 1,
    "events": 2,
    "applications": 3,
    "notifications": 4,
    "programme": 5,
    "mail": 10,  # the page where mail is read
    "smtp": 11,
    "smpp": 12,
    "sms": 13,  # the page where SMS are read
    "mongodb": 20,
    "rabbitmq": 21,
    "rabbitmq_distribution": 22,
    "epmd": 23,
}
