"""JSON from outside that is stored as it came: forms, entries, answers.

Python's parser accepts more than JSON allows (NaN), and more than can be written later (half of a
surrogate pair, any number of levels). What passes the check here is stored, hashed and shown
unchanged.
"""

import json
import math
from typing import Annotated, Any

from pydantic import AfterValidator

MAX_DEPTH = 64  # levels; the library that writes our answers fails at 255


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [part for found in level for part in _parts(found)]
        if not level:
            return value
    raise ValueError(f"nested more than {MAX_DEPTH} levels deep")


def _parts(value: Any) -> list[Any]:
    """The values inside this one. Raises `ValueError` for what JSON cannot hold."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("contains a number that JSON does not have")
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("contains half a character")
    return []


JsonObject = Annotated[dict[str, Any], AfterValidator(_checked)]
"""A JSON object, at most `MAX_DEPTH` levels deep."""


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: the form that is hashed and stored."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
