"""Settings of the events service, and its numbers."""

from typing import Annotated

from pydantic import Field, SecretStr

import shared.settings


class Settings(shared.settings.Settings):
    mongodb_database: str = "events"
    http_port: int = 8702

    ticket_keys: SecretStr  # private JWKS (JSON); the first key signs tickets, all verify

    # Registrations that wait together commit together (see shared/gather.py)
    registration_batch: Annotated[int, Field(ge=1)] = 256  # registrations in one transaction
    registration_room: Annotated[int, Field(ge=1)] = 20_000  # waiting; more get 503

    # Where people reach this service from outside: the address that certificates are verified at
    public_url: str = "http://127.0.0.1:8702"

    # Papers: tickets, badges, certificates (see papers/printer.py)
    papers_at_once: Annotated[int, Field(ge=1)] = 2  # each keeps a core busy for about 10 ms
    papers_room: Annotated[int, Field(ge=1)] = 200  # printed or waiting; more get 503

    # From venue to venue, where organisers have not said how long it takes (venues/travel.py)
    travel_kilometres_an_hour: Annotated[float, Field(gt=0)] = 15  # as the crow flies
    travel_minutes_to_set_out: Annotated[int, Field(ge=0)] = 10
