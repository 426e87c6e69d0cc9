"""How a text is cut into SMS parts."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.notifications.sms import segments
from services.notifications.sms.segments import (
    Coding,
    Segments,
    TooLong,
    decode,
    segment,
    with_headers,
)
from shared.text import nfc

VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = "đĐ" + "".join(nfc(vowel + tone) for vowel in VOWELS for tone in TONES)
GSM = "".join(sorted(segments._GSM))


def octets_on_air(cut: Segments, part: bytes) -> int:
    """What a part fills of an SMS's 140 octets: GSM characters are packed, seven bits each."""
    header = 6 if len(cut.parts) > 1 else 0
    if cut.coding is Coding.UCS2:
        return header + len(part)
    septets = len(part) + -(-header * 8 // 7)
    return -(-septets * 7 // 8)


@pytest.mark.parametrize(
    ("text", "coding", "lengths"),
    [
        ("", Coding.GSM, [0]),
        ("a" * 160, Coding.GSM, [160]),
        ("a" * 161, Coding.GSM, [153, 8]),
        ("a" * 306, Coding.GSM, [153, 153]),
        ("a" * 307, Coding.GSM, [153, 153, 1]),
        ("€" * 80, Coding.GSM, [160]),
        ("a" + "€" * 80, Coding.GSM, [153, 8]),
        ("ạ" * 70, Coding.UCS2, [140]),
        ("ạ" * 71, Coding.UCS2, [134, 8]),
        ("ạ" * 134, Coding.UCS2, [134, 134]),
        ("ạ" * 135, Coding.UCS2, [134, 134, 2]),
        ("a" * 160 + "ạ", Coding.UCS2, [134, 134, 54]),
        ("ạ" * 68 + "🎉", Coding.UCS2, [140]),
        ("ạ" * 69 + "🎉", Coding.UCS2, [134, 8]),
        ("ạ" * 66 + "🎉" + "ạ" * 66, Coding.UCS2, [132, 134, 2]),
        ("a" * 152 + "€" + "a" * 152, Coding.GSM, [152, 153, 1]),
    ],
    ids=lambda value: f"{len(value)} characters" if isinstance(value, str) else None,
)
def test_a_text_has_the_parts_the_standard_gives_it(
    text: str, coding: Coding, lengths: list[int]
) -> None:
    cut = segment(text)
    assert cut.coding is coding
    assert [len(part) for part in cut.parts] == lengths


@pytest.mark.parametrize(
    ("text", "octets"),
    [("ạ" * 66 + "🎉" + "ạ" * 66, 134), ("a" * 152 + "€" + "a" * 152, 153)],
    ids=["a surrogate pair", "an escape pair"],
)
def test_a_pair_at_a_part_s_end_is_kept_together(text: str, octets: int) -> None:
    cut = segment(text)
    assert len(cut.parts) == 3
    assert [decode(part, cut.coding) for part in cut.parts][1][0] in "🎉€"
    # The control: cut where the octets say, the pair falls apart.
    whole = b"".join(cut.parts)
    blind = [whole[at : at + octets] for at in range(0, len(whole), octets)]
    assert "".join(decode(part, cut.coding) for part in blind) != text


def test_decomposed_text_is_composed_before_it_is_counted() -> None:
    text = "Vé của bạn ở Xưởng Đỗ " * 3
    apart = unicodedata.normalize("NFD", text)
    assert len(apart) > 70 > len(text)  # as typed on some phones, it would be two SMS
    assert segment(apart) == segment(text)
    assert len(segment(apart).parts) == 1


def test_every_vietnamese_letter_arrives_as_it_was_sent() -> None:
    assert len(set(VIETNAMESE)) == 146
    assert set("đĐợỢứỨộỘễỄặẶằửữỹ") <= set(VIETNAMESE)  # what other gateways have spoilt
    for letter in VIETNAMESE:
        cut = segment(f"{letter} là chữ")
        assert decode(b"".join(cut.parts), cut.coding) == f"{letter} là chữ"


@pytest.mark.parametrize("word", ["à", "é", "ò", "ù", "ì"])
def test_the_few_that_are_in_the_gsm_alphabet_cost_no_ucs2(word: str) -> None:
    assert segment(word * 160).coding is Coding.GSM


@pytest.mark.parametrize("char", ["đ", "ợ", "ư", "ơ", "ă", "ạ", "ç", "`", "\u2013", "\x1b", "\t"])
def test_one_character_outside_the_alphabet_makes_the_whole_ucs2(char: str) -> None:
    assert segment("a" * 70 + char).coding is Coding.UCS2


def test_ten_parts_are_the_most() -> None:
    assert len(segment("a" * 1530).parts) == 10
    assert len(segment("ạ" * 670).parts) == 10
    with pytest.raises(TooLong, match="11 parts"):
        segment("a" * 1531)
    with pytest.raises(TooLong):
        segment("ạ" * 671)


def test_several_parts_carry_one_reference_and_their_places() -> None:
    cut = segment("ạ" * 150)
    sent = with_headers(cut.parts, 300)
    assert [part[:6] for part in sent] == [bytes([5, 0, 3, 300 % 256, 3, n]) for n in (1, 2, 3)]
    assert tuple(part[6:] for part in sent) == cut.parts


def test_one_part_has_no_header() -> None:
    assert with_headers((b"xin",), 7) == [b"xin"]


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\x00\x02\x1b\x65", "@$€"),
        (b"a\x1b", "a"),
        (b"\x1b\x1bb", "?b"),
        (b"\xffa", "?a"),
        (b"\x1bzb", "?b"),
    ],
)
def test_octets_of_no_alphabet_are_shown_as_question_marks(octets: bytes, text: str) -> None:
    assert decode(octets, Coding.GSM) == text


def test_half_a_surrogate_pair_does_not_break_the_reader() -> None:
    assert decode("ạ🎉".encode("utf-16-be")[:4], Coding.UCS2) == "ạ\ufffd"


TEXTS = st.one_of(
    st.text(st.sampled_from(GSM), max_size=1600),
    st.text(st.sampled_from(VIETNAMESE + " ,.0123456789"), max_size=700),
    st.text(st.sampled_from(VIETNAMESE + "🎉🏺€ a"), max_size=700),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
)


@settings(max_examples=300, deadline=None, database=None)
@given(TEXTS)
@example("ạ" * 66 + "🎉" + "ạ" * 66)
@example("€" * 200)
def test_whatever_is_cut_can_be_read_again(text: str) -> None:
    try:
        cut = segment(text)
    except TooLong:
        return
    # Each part is read alone, so a pair that was split would show.
    assert "".join(decode(part, cut.coding) for part in cut.parts) == nfc(text)
    assert 1 <= len(cut.parts) <= segments.MAX_PARTS
    assert all(octets_on_air(cut, part) <= 140 for part in cut.parts)
    assert cut.coding is Coding.UCS2 or all(char in GSM for char in nfc(text))
