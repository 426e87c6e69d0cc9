"""Search over short texts, blind to case and diacritics: "duong" finds "Đường".

A document keeps its folded words in an indexed array; a query asks that each of its words begins
one of them. Enough for directories of names and titles.
"""

import re
from typing import Any

from shared.text import fold

MOST_WORDS = 200  # kept of one document
MOST_TERMS = 8  # asked of one query

_WORD = re.compile(r"\w+")


def words(*texts: str) -> list[str]:
    """The distinct folded words of these texts, for the indexed array."""
    found = dict.fromkeys(word for text in texts for word in _WORD.findall(fold(text)))
    return list(found)[:MOST_WORDS]


def matching(field: str, text: str) -> dict[str, Any]:
    """The query part for documents that match; empty for an empty text."""
    terms = _WORD.findall(fold(text))[:MOST_TERMS]
    if not terms:
        return {}
    return {"$and": [{field: {"$regex": f"^{re.escape(term)}"}} for term in terms]}
