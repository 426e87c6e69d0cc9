"""Dates and times as papers and pages say them: in Hanoi's time, in the reader's language.

Names of days and months are the CLDR's (Babel). The order of the parts is written here, so that it
stays when the CLDR's changes.
"""

from datetime import date, datetime

from babel.dates import format_date

from shared.clock import local
from shared.text import Language

_FULL: dict[Language, str] = {"vi": "EEEE, dd/MM/y", "en": "EEEE, d MMMM y"}
_SHORT: dict[Language, str] = {"vi": "dd/MM/y", "en": "d MMMM y"}


def full(day: date, language: Language) -> str:
    """`Thứ Bảy, 14/11/2026` or `Saturday, 14 November 2026`."""
    return format_date(_in_hanoi(day), _FULL[language], locale=language)


def short(day: date, language: Language) -> str:
    """`14/11/2026` or `14 November 2026`."""
    return format_date(_in_hanoi(day), _SHORT[language], locale=language)


def span(starts: datetime, ends: datetime, language: Language) -> str:
    """From when to when; the second day only if it is another."""
    first, last = local(starts), local(ends)
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M}, {full(first, language)}"
    return f"{first:%H:%M}, {full(first, language)} – {last:%H:%M}, {full(last, language)}"


def _in_hanoi(day: date) -> date:
    """The day itself, or the day that a moment falls on in Hanoi."""
    return local(day).date() if isinstance(day, datetime) else day
