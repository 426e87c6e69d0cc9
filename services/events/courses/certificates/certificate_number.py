"""Numbers of certificates: `HN-2026-000123-3`, the last a check character.

The check character is that of ISO/IEC 7064, MOD 37,36 over the letters and digits before it: it
finds every single mistyped character, and nearly all pairs that changed places.
"""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def number(year: int, count: int) -> str:
    """`count` from 1, in that year."""
    body = f"HN-{year}-{count:06d}"
    return f"{body}-{check_character(body)}"


def check_character(text: str) -> str:
    """ISO/IEC 7064, MOD 37,36; hyphens do not count."""
    product = 36
    for char in text.replace("-", ""):
        total = (product + _ALPHABET.index(char)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def well_typed(text: str) -> bool:
    """False if it cannot be one of our numbers as it stands."""
    body, _, check = text.rpartition("-")
    if not body or len(check) != 1 or not set(text) <= set(_ALPHABET) | {"-"}:
        return False
    return check_character(body) == check
