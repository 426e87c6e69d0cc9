"""Numbers of certificates, such as `HN-2026-000123-3`. The last character is a check character.

It is computed by ISO/IEC 7064, MOD 37,36, from the letters and digits before it. It detects every
single wrong character, and nearly every pair of characters that were swapped.
"""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def certificate_number(year: int, count: int) -> str:
    """The number of the `count`-th certificate of that year, from 1."""
    body = f"HN-{year}-{count:06d}"
    return f"{body}-{check_character(body)}"


def check_character(text: str) -> str:
    """By ISO/IEC 7064, MOD 37,36. Hyphens are ignored."""
    product = 36
    for char in text.replace("-", ""):
        total = (product + _ALPHABET.index(char)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def is_well_formed(text: str) -> bool:
    """True if its check character is right, so that it may be one of our numbers."""
    body, _, check = text.rpartition("-")
    if not body or len(check) != 1 or not set(text) <= set(_ALPHABET) | {"-"}:
        return False
    return check_character(body) == check
