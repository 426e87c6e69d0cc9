"""Random values of an entry: the code that the jury knows it by, and the salt of its receipt."""

import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look like another


def new_code() -> str:
    """Six characters that can be read aloud."""
    return "".join(secrets.choice(LETTERS) for _ in range(6))


def new_salt() -> str:
    """16 random bytes, in hexadecimal."""
    return secrets.token_hex(16)
