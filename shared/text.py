"""Text as people type it: Vietnamese, in any Unicode form.

What is stored is NFC (Unicode Standard Annex 15). Search uses a folded form, so that "duong" finds
"Đường".
"""

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    model_validator,
)

from shared.schema import Schema, example

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def nfc(text: str) -> str:
    """The composed form: one code point for "ộ", however it was typed."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, no diacritics, single spaces: the form for search.

    NFD splits "ộ" into o and two marks, but it does not split "đ", which is replaced by hand.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.split())


def _tidy(value: object) -> object:
    return nfc(value).strip() if isinstance(value, str) else value


def _no_character(char: str) -> bool:
    """True for code points that never are characters (Unicode 23.7). XML does not allow all of
    them, so one of them would make a whole schedule unreadable."""
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _one_line(text: str) -> str:
    categories = ("Cc", "Cs", "Zl", "Zp")
    if any(unicodedata.category(char) in categories or _no_character(char) for char in text):
        raise ValueError("contains a line break or a control character")
    return text


def _printable(text: str) -> str:
    kept = "\n\t"
    if any(
        (unicodedata.category(char) in ("Cc", "Cs") and char not in kept) or _no_character(char)
        for char in text
    ):
        raise ValueError("contains a control character")
    return text


Line = Annotated[
    str,
    BeforeValidator(_tidy),
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_one_line),
]
"""One line of text: NFC, trimmed, 1 to 200 characters, no line breaks, no control characters."""

Prose = Annotated[
    str, BeforeValidator(_tidy), StringConstraints(max_length=20_000), AfterValidator(_printable)
]
"""Longer text, possibly empty, up to 20,000 characters."""


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A short name in a URL: lower-case letters, digits and single hyphens."""


class Localized(Schema):
    """A text in Vietnamese, and in English if somebody has written it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"vi": "Đêm nhạc bên Hồ Gươm", "en": "A night of music by Hoàn Kiếm Lake"}
        ),
    )

    vi: Line
    """The text in Vietnamese, on one line."""
    en: Line | None = None
    """The text in English; where it is missing, readers of English see the Vietnamese."""

    def in_(self, language: Language) -> str:
        """The text in that language; in Vietnamese if there is no English."""
        return self.en if language == "en" and self.en else self.vi


def venue_and_room(venue: Localized, room: Localized | None, language: Language) -> str:
    """A venue and a room in it, in one line: "Thư viện Hà Nội – Hội trường tầng 2"."""
    return f"{venue.in_(language)} – {room.in_(language)}" if room else venue.in_(language)


class LocalizedProse(Schema):
    """A longer text in both languages, each of which may be empty. A string is Vietnamese."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "vi": "Nghệ nhân Bát Tràng hướng dẫn nặn và vẽ gốm.",
                "en": "Potters of Bát Tràng show how to shape and paint.",
            }
        ),
    )

    vi: Prose = ""
    """The text in Vietnamese; it may have several paragraphs."""
    en: Prose = ""
    """The text in English; where it is empty, readers of English see the Vietnamese."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"vi": value} if isinstance(value, str) else value

    def in_(self, language: Language) -> str:
        """The text in that language; in Vietnamese if there is no English."""
        return self.en if language == "en" and self.en else self.vi


def _written(text: LocalizedProse) -> LocalizedProse:
    if not (text.vi or text.en):
        raise ValueError("a text in neither language")
    return text


WrittenProse = Annotated[LocalizedProse, AfterValidator(_written)]
"""A longer text in at least one of the languages."""
