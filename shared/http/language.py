"""The language of the caller: `Accept-Language` (RFC 9110, 12.5.4), Vietnamese by default."""

from contextvars import ContextVar

from shared.text import LANGUAGES, Language

_language: ContextVar[Language] = ContextVar("language", default="vi")


def current_language() -> Language:
    return _language.get()


def set_language(language: Language) -> None:
    _language.set(language)


def negotiate(accept: str) -> Language:
    """vi or en, whichever the caller prefers. A part that cannot be read is ignored."""
    best: Language = "vi"
    best_weight = 0.0
    for part in accept.split(","):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        primary = tag.strip().lower().split("-")[0]
        for language in LANGUAGES:
            if primary == language and weight > best_weight:
                best, best_weight = language, weight
    return best
