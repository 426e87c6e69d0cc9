"""Settings of the registry, and its numbers."""

from typing import Annotated

from pydantic import Field, SecretStr

import shared.settings
from shared.settings import CommaSeparated


class Settings(shared.settings.Settings):
    mongodb_database: str = "registry"
    http_port: int = 8701

    token_issuer: str = "http://127.0.0.1:8701"  # the `iss` of our tokens: our public URL
    token_audience: str = "creative-city"
    signing_keys: SecretStr  # private JWKS (JSON): the first key signs, all are published
    admin_emails: CommaSeparated = ()  # these people become administrators at their first sign-in

    # Sign-in
    code_minutes: Annotated[int, Field(ge=1)] = 10  # a one-time code is valid for so long
    code_attempts: Annotated[int, Field(ge=1)] = 5  # after so many wrong answers a code is void
    codes_an_hour: Annotated[int, Field(ge=1)] = 10  # to one address
    access_minutes: Annotated[int, Field(ge=1)] = 10
    refresh_days: Annotated[int, Field(ge=1)] = 30
