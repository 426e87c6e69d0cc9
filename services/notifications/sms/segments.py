"""How a text becomes SMS parts (3GPP TS 23.038 for alphabets, 23.040 for concatenation).

If all characters are in the GSM 7-bit alphabet, a message has room for 160 of them, and each of
several parts for 153. Any other text is sent as UCS-2, with room for 70 and 67 UTF-16 units; one of
the Vietnamese ư ơ ă đ is enough for that. A part never ends inside an escape pair or a surrogate
pair.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from shared.text import nfc

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D,
             "]": 0x3E, "|": 0x40, "€": 0x65}  # fmt: skip
_GSM: dict[str, bytes] = {char: bytes([code]) for code, char in enumerate(_BASIC)} | {
    char: bytes([0x1B, code]) for char, code in _EXTENDED.items()
}
del _GSM["\x1b"]
_FROM_GSM = {octets: char for char, octets in _GSM.items()}

MAX_PARTS = 10


class TooLong(ValueError):
    """More parts than one message may have."""


class Coding(IntEnum):
    """SMPP 3.4 `data_coding`."""

    GSM = 0  # the default alphabet of the gateway, one octet for each septet
    UCS2 = 8


class Segments(NamedTuple):
    coding: Coding
    parts: tuple[bytes, ...]  # without headers


def segment(text: str) -> Segments:
    """Cut a text into parts. It is composed (NFC) first. Raises `TooLong`."""
    text = nfc(text)
    if all(char in _GSM for char in text):
        coding, units = Coding.GSM, [_GSM[char] for char in text]
        alone, shared = 160, 153
    else:
        coding, units = Coding.UCS2, [char.encode("utf-16-be") for char in text]
        alone, shared = 140, 134  # octets: 70 and 67 UTF-16 units
    parts = tuple(_fill(units, alone))
    if len(parts) > 1:
        parts = tuple(_fill(units, shared))
    if len(parts) > MAX_PARTS:
        raise TooLong(f"{len(parts)} parts, {MAX_PARTS} at most")
    return Segments(coding, parts)


def _fill(units: list[bytes], size: int) -> Iterator[bytes]:
    part = b""
    for unit in units:
        if len(part) + len(unit) > size:
            yield part
            part = b""
        part += unit
    yield part


def decode(octets: bytes, coding: int) -> str:
    """The text of the octets of a whole message. An octet of no character becomes "?"."""
    if coding == Coding.UCS2:
        return octets.decode("utf-16-be", errors="replace")
    text, escaped = "", False
    for octet in octets:
        if octet == 0x1B and not escaped:
            escaped = True
            continue
        text += _FROM_GSM.get(bytes([0x1B, octet]) if escaped else bytes([octet]), "?")
        escaped = False
    return text


def with_headers(parts: tuple[bytes, ...], reference: int) -> list[bytes]:
    """The parts as they are sent: if there are several, each with a concatenation header (8-bit
    reference)."""
    if len(parts) == 1:
        return [parts[0]]
    return [
        bytes([5, 0, 3, reference % 256, len(parts), number]) + part
        for number, part in enumerate(parts, start=1)
    ]
