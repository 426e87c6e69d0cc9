"""Settings from the environment, with every number of the platform that one may want to change.

A service subclasses `Settings` in its own settings.py. Names are the fields' names in capitals:
`MONGODB_URL`, `AMQP_URL`, `HTTP_PORT`, … Times are in seconds unless the name says otherwise.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0)]


def _parts(value: object) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
"""Several values in one variable, separated by commas."""


class Issuer(BaseModel):
    """An issuer whose access tokens we accept (OpenID Connect: `iss` and its keys).

    `home` marks our own registry: there `sub` is the person's id. For any other issuer, the
    person's id is made from issuer and subject together, so that no issuer can name people of
    another. Roles are read only from the claim `roles_claim` (a path with dots).
    """

    issuer: str
    jwks_url: str
    audience: str = "creative-city"
    home: bool = False
    roles_claim: str | None = None


# A setting may also be a file of its name here: Kubernetes and Compose put secrets in files.
SECRETS = [folder for folder in (Path("/run/secrets"),) if folder.is_dir()]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, secrets_dir=SECRETS
    )

    # Where things are
    mongodb_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0")
    mongodb_database: str
    amqp_url: SecretStr = SecretStr("amqp://guest:guest@127.0.0.1:5672/")
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    http_root_path: str = ""  # the prefix a gateway strips, such as /events
    cors_origins: CommaSeparated = ()

    # Who is trusted
    issuers: tuple[Issuer, ...] = ()

    # Logs and traces
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    otel_exporter_otlp_endpoint: str | None = None
    trace_sample: Annotated[float, Field(ge=0, le=1)] = 1.0

    # HTTP
    max_body_bytes: int = 1_048_576
    drain: Seconds = 20  # after SIGTERM, to finish requests and deliveries
    idempotency_keep_hours: int = 48

    # Outbox and relay
    relay_lease: Seconds = 10  # a relay that has died is replaced after this time
    relay_batch: Annotated[int, Field(ge=1)] = 500  # rows published in one round
    relay_poll: Seconds = 1  # look for rows so often, even if the change stream reports none
    outbox_keep_days: int = 7  # published rows
    relay_stuck_after: Seconds = 60  # /readyz fails when a row has been due for so long

    # Bus
    publish_timeout: Seconds = 10
    prefetch: Annotated[int, Field(ge=1)] = 200  # deliveries that one consumer has at a time
    consumer_batch: Annotated[int, Field(ge=1)] = 100  # deliveries in one transaction
    inbox_keep_days: int = 30
    # A delivery that fails is tried again after each of these pauses; then it is a dead letter.
    # Every service must have the same ones, since they share the delay queues.
    retry_after: tuple[Seconds, ...] = (1, 10, 60, 600)
    reconnect_pause: Seconds = 1
