"""Settings of the registry, and its numbers."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

import shared.settings


class Settings(shared.settings.Settings):
    mongodb_database: str = "registry"
    http_port: int = 8701

    token_issuer: str = "http://127.0.0.1:8701"  # the `iss` of our tokens: how others reach us
    token_audience: str = "creative-city"
    signing_keys: SecretStr  # private JWKS (JSON); the first key signs, all are published
    admin_emails: Annotated[frozenset[str], NoDecode] = frozenset()  # comma-separated

    # Sign-in
    code_minutes: Annotated[int, Field(ge=1)] = 10  # a one-time code is good for so long
    code_attempts: Annotated[int, Field(ge=1)] = 5  # wrong answers before a code is void
    codes_an_hour: Annotated[int, Field(ge=1)] = 10  # to one address
    access_minutes: Annotated[int, Field(ge=1)] = 10
    refresh_days: Annotated[int, Field(ge=1)] = 30

    @field_validator("admin_emails", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
        return value
