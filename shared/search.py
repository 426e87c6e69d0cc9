"""Search in short texts without regard to case and diacritics: "duong" finds "Đường".

A document stores its folded words in an indexed array. It matches a query if each word of the query
is the beginning of one of them. That is enough for names and titles.
"""

import re
from typing import Any

from shared.text import fold

MAX_WORDS = 200  # stored of one document
MAX_TERMS = 8  # used of one query

_WORD = re.compile(r"\w+")


def words(*texts: str) -> list[str]:
    """The different folded words of these texts, for the indexed array."""
    found = dict.fromkeys(word for text in texts for word in _WORD.findall(fold(text)))
    return list(found)[:MAX_WORDS]


def matching(field: str, text: str) -> dict[str, Any]:
    """The part of a query that selects the documents that match; empty for an empty text."""
    terms = _WORD.findall(fold(text))[:MAX_TERMS]
    if not terms:
        return {}
    return {"$and": [{field: {"$regex": f"^{re.escape(term)}"}} for term in terms]}
