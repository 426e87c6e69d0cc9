"""Settings of the events service, and its numbers."""

from typing import Annotated, NamedTuple, Self

from pydantic import Field, SecretStr, model_validator

import shared.settings


class BankAccount(NamedTuple):
    """Where fees go: the city's own account."""

    bank_bin: str  # six digits, given to the bank by NAPAS
    bank_name: str
    account_number: str
    account_holder: str


class Settings(shared.settings.Settings):
    mongodb_database: str = "events"
    http_port: int = 8702

    ticket_keys: SecretStr  # private JWKS (JSON); the first key signs tickets, all verify

    # The city's account that fees are paid to. All four, or nothing may cost anything.
    fee_bank_bin: Annotated[str, Field(pattern=r"^\d{6}$")] | None = None  # by NAPAS
    fee_bank_name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    fee_account_number: Annotated[str, Field(pattern=r"^[A-Z0-9]{4,19}$")] | None = None
    fee_account_holder: Annotated[str, Field(min_length=1, max_length=100)] | None = None

    # Registrations that wait together commit together (see shared/batcher.py)
    registration_batch: Annotated[int, Field(ge=1)] = 256  # registrations in one transaction
    registration_room: Annotated[int, Field(ge=1)] = 20_000  # waiting; more get 503

    # Where people reach this service from outside: the address that certificates are verified at
    public_url: str = "http://127.0.0.1:8702"

    # PDF files: tickets, badges, certificates (see printing/pdf.py)
    papers_at_once: Annotated[int, Field(ge=1)] = 2  # each keeps a core busy for about 10 ms
    papers_room: Annotated[int, Field(ge=1)] = 200  # printed or waiting; more get 503

    # Travel between venues, where organisers have entered no time (see
    # programme/venue_settings/travel.py)
    travel_kilometres_an_hour: Annotated[float, Field(gt=0)] = 15  # in a straight line
    travel_minutes_to_set_out: Annotated[int, Field(ge=0)] = 10

    @model_validator(mode="after")
    def _all_of_the_account(self) -> Self:
        given = [getattr(self, f"fee_{part}") is not None for part in BankAccount._fields]
        if any(given) and not all(given):
            raise ValueError("of the account that fees go to, all is given or nothing")
        return self

    @property
    def fee_account(self) -> BankAccount | None:
        """None: nothing may cost anything."""
        if self.fee_account_number is None:
            return None
        return BankAccount(*(getattr(self, f"fee_{part}") for part in BankAccount._fields))
