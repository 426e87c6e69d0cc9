"""Text as Vietnamese keyboards give it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.search import MAX_WORDS, matching, words
from shared.text import Line, Localized, fold, nfc


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đường", "duong"),
        ("ĐƯỜNG", "duong"),
        ("  Nguyễn   Thị\tÁnh ", "nguyen thi anh"),
        ("Ô Quan Chưởng", "o quan chuong"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folding_takes_marks_and_case_away(typed: str, folded: str) -> None:
    assert fold(typed) == folded
    assert fold(unicodedata.normalize("NFD", typed)) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_vietnamese_letter_folds_to_plain_ascii() -> None:
    letters = "aăâeêioôơuưyđ"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    everything = "".join(nfc(letter + tone) for letter in letters for tone in tones)
    assert fold(everything + everything.upper()).isascii()


@pytest.mark.parametrize(
    "bad", ["", "  ", "a\x00b", "a\x1bb", "x" * 201, "\ud800", "a\nb", "a\tb", "a\u2028b", "a\x85b"]
)
def test_a_line_is_a_line(bad: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(bad)


def test_english_falls_back_to_vietnamese_not_the_other_way() -> None:
    both = Localized(vi="Gốm", en="Pottery")
    assert (both.in_("vi"), both.in_("en")) == ("Gốm", "Pottery")
    assert Localized(vi="Gốm").in_("en") == "Gốm"
    with pytest.raises(ValidationError):
        Localized.model_validate({"en": "Pottery"})


def test_search_words_are_folded_distinct_and_bounded() -> None:
    assert words("Đường Gốm", "gốm, GOM; đường!") == ["duong", "gom"]
    assert len(words(" ".join(f"w{n}" for n in range(1000)))) == MAX_WORDS


def test_a_query_cannot_smuggle_a_pattern_in() -> None:
    assert matching("words", ".*") == {}
    assert matching("words", "a.*b") == {
        "$and": [{"words": {"$regex": "^a"}}, {"words": {"$regex": "^b"}}]
    }
