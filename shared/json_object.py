"""JSON from outside that we keep as it came: forms, entries, answers.

Python's parser takes more than JSON allows (NaN), and more than can be written again later (half a
surrogate pair, levels without end). What passes here is kept, hashed and shown unchanged.
"""

import json
import math
from typing import Annotated, Any

from pydantic import AfterValidator

DEEPEST = 64  # levels; what writes our answers gives up at 255


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [part for found in level for part in _parts(found)]
        if not level:
            return value
    raise ValueError(f"nested more than {DEEPEST} levels deep")


def _parts(value: Any) -> list[Any]:
    """What stands in this value. Raises `ValueError` for what JSON cannot say."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("contains a number that is none")
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("contains half a character")
    return []


JsonObject = Annotated[dict[str, Any], AfterValidator(_plain)]
"""A JSON object, at most `DEEPEST` levels deep."""


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: the form that is hashed and kept."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
