"""How a person can be reached, in one normal form each."""

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
    """E.164; without a country code it is Vietnamese. The old 11-digit mobiles are invalid."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"not a phone number: {error}") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a phone number in use")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Email = Annotated[str, AfterValidator(_email)]
"""An e-mail address, normalised and in plain ASCII, which every mail server can reach: letters with
diacritics before the @ are refused, a domain in them is turned to its `xn--` form.

Whether mail arrives there is not checked: the one-time code shows that."""

Phone = Annotated[str, AfterValidator(_phone)]
"""A phone number in E.164."""


def email_key(email: str) -> str:
    """What makes two addresses the same person. Case does not; but ß and ss are two letters, and
    two mailboxes, so the text is not folded."""
    return email.lower()
