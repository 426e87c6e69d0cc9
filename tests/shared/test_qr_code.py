"""QR codes: as small as they can be, with their quiet zone, and read by a program that did not
draw them (zxing-cpp draws with Zint's code and reads with its own).
"""

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from shared import qr_code

SVG = "{http://www.w3.org/2000/svg}"
QUIET = 4  # modules on each side, ISO/IEC 18004, 6.3.8
TICKET = (
    "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoidUJ1VnNrYU4ifQ."
    "eyJyIjoiQVotdEtRUnJjb3VRbGRlLWtqZkN2dyIsInMiOiJBWi10S1FRa2RNdVVfRElMUzQ2N0JRIn0."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk0mF9UuZp5oQh3sX2yRvTnEwLqKcAiDbGjHtSzPxMYCg"
)
VIETQR = (
    "00020101021238540010A00000072701240006999999011001234567890208QRIBFTTA"
    "53037045405400005802VN62160812HNWCXZUU9V5K6304ABCD"
)
ADDRESS = "https://su-kien.example/v1/certificates/HN-2026-000001-N?code=7KQ2M9XD4T"
TEXTS = {"ticket": TICKET, "VietQR": VIETQR, "address": ADDRESS, "Vietnamese": "vé-số-7-của-Đỗ"}
SIDES = [(TICKET, 57), (VIETQR, 37), (ADDRESS, 37), ("vé-số-7-của-Đỗ", 25), ("A" * 700, 85)]
"""Modules of the code alone: versions 10, 5, 5, 2 and 17, as segno 1.6.6 made them too."""


def picture(text: str) -> Image.Image:
    return Image.open(io.BytesIO(qr_code.png(text)))


def painted(svg: str, scale: int) -> Image.Image:
    """The drawing as anybody paints it who follows its paths."""
    drawing = ElementTree.fromstring(svg)  # noqa: S314 - ours
    _, _, width, height = map(int, drawing.attrib["viewBox"].split())
    paper, dark = drawing.findall(f"{SVG}path")
    assert paper.attrib == {"fill": "#fff", "d": f"M0 0h{width}v{height}H0z"}
    image = Image.new("L", (width * scale, height * scale), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", dark.attrib["d"]):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(length) * scale - 1, top + scale - 1), fill=0)
    return image


def read(image: Image.Image) -> zxingcpp.Barcode:
    [found] = zxingcpp.read_barcodes(image.convert("L"))
    return found


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_picture_and_a_drawing_hold_the_text(text: str) -> None:
    for image in (picture(text), painted(qr_code.svg(text), 3)):
        found = read(image)
        assert found.text == text
        assert (found.format, found.ec_level) == (zxingcpp.BarcodeFormat.QRCode, "M")


@pytest.mark.parametrize(("text", "modules"), SIDES, ids=lambda value: str(value)[:12])
def test_a_code_is_small_and_stands_in_its_quiet_zone(text: str, modules: int) -> None:
    image = picture(text)
    assert (image.format, image.mode) == ("PNG", "1")
    side = (modules + 2 * QUIET) * qr_code.SCALE
    assert image.size == (side, side)
    first, last = QUIET * qr_code.SCALE, side - QUIET * qr_code.SCALE
    assert Image.eval(image.convert("L"), lambda pixel: 255 - pixel).getbbox() == (
        first,
        first,
        last,
        last,
    )
    assert f'viewBox="0 0 {modules + 8} {modules + 8}"' in qr_code.svg(text)


def test_the_drawing_is_the_picture() -> None:
    drawn = painted(qr_code.svg(TICKET), qr_code.SCALE)
    assert drawn.tobytes() == picture(TICKET).convert("L").tobytes()


def test_the_shortest_text_is_no_micro_qr_code() -> None:
    """Phones do not read those."""
    assert picture("7").size == ((21 + 2 * QUIET) * qr_code.SCALE,) * 2


def hidden(image: Image.Image, share: float) -> Image.Image:
    """With a blot that covers so much of its width and height, at its lower right."""
    spoilt = image.convert("L")
    end = spoilt.width - QUIET * qr_code.SCALE
    start = int(end - spoilt.width * share)
    ImageDraw.Draw(spoilt).rectangle((start, start, end, end), fill=0)
    return spoilt


def test_a_blot_does_not_matter_until_it_is_too_large() -> None:
    image = picture(TICKET)
    assert read(hidden(image, 0.25)).text == TICKET
    assert zxingcpp.read_barcodes(hidden(image, 0.5)) == []


def titles(svg: str) -> Iterator[str | None]:
    return (found.text for found in ElementTree.fromstring(svg).iter(f"{SVG}title"))  # noqa: S314


def test_a_title_is_text() -> None:
    hostile = '<script>"&'
    assert list(titles(qr_code.svg(ADDRESS, title=hostile))) == [hostile]
    assert list(titles(qr_code.svg(ADDRESS))) == []
