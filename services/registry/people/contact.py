"""E-mail addresses and phone numbers, each in one normal form."""

from typing import Annotated

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator


def _email(text: str) -> str:
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return str(found.ascii_email)


def _phone(text: str) -> str:
    """E.164. Without a country code it is Vietnamese. Old 11-digit mobile numbers are invalid."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"not a phone number: {error}") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a phone number in use")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Email = Annotated[str, AfterValidator(_email)]
"""An e-mail address in plain ASCII, so that every mail server can use it. Diacritics before the @
are refused; a domain with diacritics is turned into its `xn--` form.

It is not checked here whether mail arrives there: the one-time code proves that."""

Phone = Annotated[str, AfterValidator(_phone)]
"""A phone number in E.164."""


def email_key(email: str) -> str:
    """Two addresses with the same key belong to the same person. Case makes no difference. The text
    is not case-folded, since that would make ß and ss equal, which are two mailboxes."""
    return email.lower()
