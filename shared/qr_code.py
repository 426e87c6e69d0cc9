"""QR codes (ISO/IEC 18004), with error correction M: one that is crumpled or partly in the shade is
still read.

Around the code stands the quiet zone that the standard asks for, four modules wide. One code takes
about 2 ms of CPU. docs/adr/0013 says why zxing-cpp, and why we write the files ourselves.
"""

import re
import struct
import zlib
from html import escape
from typing import Any

from zxingcpp import BarcodeFormat, create_barcode, write_barcode_to_image

SCALE = 6
"""Pixels a module of a PNG."""

_DARK = re.compile(b"\0+")  # modules that stand side by side
_PIXELS = {0: "0" * SCALE, 255: "1" * SCALE}


def png(text: str) -> bytes:
    """A picture of one bit a pixel (ISO/IEC 15948), six pixels a module."""
    rows = _modules(text)
    side = len(rows) * SCALE
    lines = b"".join((b"\0" + _line(row)) * SCALE for row in rows)  # 0: no filter
    header = struct.pack(">2I5B", side, side, 1, 0, 0, 0, 0)  # one bit, greyscale
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def svg(text: str, *, title: str | None = None) -> str:
    """A drawing that scales to the box it is shown in, black on white. `title` is read aloud."""
    rows = _modules(text)
    side = len(rows)
    named = f"<title>{escape(title)}</title>" if title else ""
    dark = "".join(
        f"M{run.start()} {y}.5h{len(run[0])}"
        for y, row in enumerate(rows)
        for run in _DARK.finditer(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{named}'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path stroke="#000" d="{dark}"/></svg>'
    )


def _modules(text: str) -> list[bytes]:
    """The rows from the top, a byte a module: 0 is dark, 255 is light."""
    code = create_barcode(text, BarcodeFormat.QRCode, ec_level="M")
    picture: Any = write_barcode_to_image(code)  # its type does not say that it is a buffer
    side, flat = picture.shape[0], memoryview(picture).tobytes()
    return [flat[start : start + side] for start in range(0, side * side, side)]


def _line(row: bytes) -> bytes:
    """A row of pixels as bits, 0 is black; the last byte is filled up with zeros."""
    bits = "".join(_PIXELS[module] for module in row)
    whole = -(-len(bits) // 8)
    return int(bits.ljust(whole * 8, "0"), 2).to_bytes(whole, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
