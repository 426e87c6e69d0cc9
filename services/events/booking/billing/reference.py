"""The reference of a payment: what somebody types into the text of a bank transfer.

    HN K7M2Q 9XW4R T     prefix, nine characters made from the registration's id, a check character

The 32 characters are those of which none is taken for another: no 0 or O, no 1 or I. The check
character is one symbol of a Reed-Solomon code over GF(32): one wrong character, or any two that
changed places, never make another good reference.
"""

import hashlib
import re
from functools import reduce
from uuid import UUID

PREFIX = "HN"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 9  # 45 bits: among a million of them, one in 35 million meets another

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_SURROUNDINGS = re.compile(r"[^0-9A-Z]")
# A look-ahead finds those that overlap too: what stands before may end in the prefix by chance.
_CANDIDATE = re.compile(rf"(?=({PREFIX}[{ALPHABET}]{{{LENGTH + 1}}}))")


def reference_of(registration_id: UUID) -> str:
    """Always the same for the same registration; a unique index watches over the others."""
    digest = int.from_bytes(hashlib.sha256(registration_id.bytes).digest()[:8])
    body = "".join(ALPHABET[digest >> 5 * place & 31] for place in range(LENGTH))
    return PREFIX + body + _check(body)


def references_in(text: str) -> tuple[str, ...]:
    """All good references in the text of a transfer, in order of first appearance.

    Banks cut such texts up, put theirs around them and drop or add spaces, dashes and dots; people
    type small letters, and an I or a 1 where they see an L.
    """
    packed = _SURROUNDINGS.sub("", text.upper().translate(_MISREAD))
    found = (match[1] for match in _CANDIDATE.finditer(packed))
    good = (one for one in found if _check(one[len(PREFIX) : -1]) == one[-1])
    return tuple(dict.fromkeys(good))


_MISREAD = str.maketrans({"1": "L", "I": "L"})


def _check(body: str) -> str:
    """The character that makes the whole a multiple of x − α."""
    return ALPHABET[
        _times_alpha(reduce(lambda sum_, char: _times_alpha(sum_) ^ _VALUE[char], body, 0))
    ]


def _times_alpha(value: int) -> int:
    """In GF(32), by x⁵ + x² + 1, where α generates all that is not zero."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
