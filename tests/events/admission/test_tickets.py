"""Tickets as people use them: on paper, as a QR code, and as a page on a phone."""

import asyncio
import io
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from services.events.admission.tickets.rules import short_number
from services.events.printing import dates
from services.events.printing.pdf import ROOT, Printer
from services.events.programme.ticket_kinds.rules import TicketKind
from services.events.programme.ticket_kinds.views import NAMES
from shared.errors import Unavailable
from shared.roles import Role
from shared.testing.running import Running
from shared.text import LANGUAGES
from tests.events.programme.sample_programme import made, published_session

ENGLISH = {"Accept-Language": "en"}
AT = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)  # nine o'clock in Hanoi, a Saturday
TICKET: dict[str, Any] = {
    "title": "Đêm nhạc Phố cổ",
    "when": [dates.span(AT, AT.replace(hour=4), "vi")],
    "venue": "Bốt Hàng Đậu",
    "address": "phường Hoàn Kiếm",
    "kind": "Vé thường",
    "size": 2,
    "number": "7KQ2-M9XD",
    "qr": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
}


def text_of(pdf: bytes) -> str:
    """What the first page says, composed (NFC), lines joined."""
    page = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    return " ".join(unicodedata.normalize("NFC", page).split())


@pytest.fixture
def printer() -> Printer:
    return Printer(at_once=2, room=50)


async def test_every_vietnamese_letter_has_its_glyph(printer: Printer) -> None:
    """A letter that the font lacks would be missing, or come from another font."""
    vowels = "aăâeêioôơuưy"
    marks = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
    small = [unicodedata.normalize("NFC", v + m) for v in vowels for m in marks] + ["đ"]
    letters = " ".join([*small, *(letter.upper() for letter in small), "₫"])
    pdf = await printer.pdf("admission/tickets/ticket.typ", TICKET | {"title": letters}, "vi", AT)
    assert "".join(letters.split()) in "".join(text_of(pdf).split())
    resources: Any = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]
    used = {font.get_object()["/BaseFont"].split("+")[1] for font in resources["/Font"].values()}
    assert {name.split("-")[0] for name in used} == {"LibertinusSerif", "DejaVuSansMono"}


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "*đậm* _nghiêng_ `mã`",
        "$x^2$ @nguồn <nhãn> // chú thích",
        '"; #import "/etc/passwd"',
        "\\u{41} [ngoặc] {khối} = Đề mục",
        "#sys.inputs.data",
    ],
)
async def test_a_name_is_printed_as_it_stands(printer: Printer, name: str) -> None:
    pdf = await printer.pdf(
        "admission/tickets/ticket.typ", TICKET | {"title": name, "venue": name}, "vi", AT
    )
    assert text_of(pdf).count(" ".join(name.split())) == 2


async def test_the_same_ticket_is_the_same_bytes(printer: Printer) -> None:
    first, again, other = [
        await printer.pdf("admission/tickets/ticket.typ", TICKET | {"size": size}, "vi", AT)
        for size in (2, 2, 3)
    ]
    assert first == again != other
    assert first.startswith(b"%PDF-")


async def test_printing_leaves_the_loop_free_and_turns_away_what_is_too_much(
    printer: Printer,
) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beside = asyncio.create_task(others())
    many = [printer.pdf("admission/tickets/ticket.typ", TICKET, "vi", AT) for _ in range(60)]
    answers = await asyncio.gather(*many, return_exceptions=True)
    beside.cancel()
    refused = [one for one in answers if isinstance(one, Unavailable)]
    assert len(refused) == 10, "fifty are printed or wait"
    assert len([one for one in answers if isinstance(one, bytes)]) == 50
    assert turns > len(answers), "requests were answered meanwhile"
    assert await printer.pdf("admission/tickets/ticket.typ", TICKET, "en", AT), (
        "and there is room again"
    )


def test_every_kind_of_ticket_has_a_name_and_every_template_travels() -> None:
    assert all(set(NAMES[language]) == set(TicketKind) for language in LANGUAGES)
    package_data = (ROOT.parent.parent / "pyproject.toml").read_text()
    kinds = {file.suffix for file in ROOT.rglob("*.*") if file.suffix in {".typ", ".html"}}
    assert kinds == {".typ", ".html"}
    assert all(f'"*{suffix}"' in package_data for suffix in kinds)


def test_moments_are_told_by_hanois_clock() -> None:
    late = AT.replace(day=15, hour=18)
    assert dates.span(AT, AT.replace(hour=4), "vi") == "09:00–11:00, Thứ Bảy, 14/11/2026"
    assert dates.span(AT, late, "en") == (
        "09:00, Saturday, 14 November 2026 – 01:00, Monday, 16 November 2026"
    )
    assert dates.short(AT, "vi") == "14/11/2026"
    assert dates.short(AT, "en") == "14 November 2026"


def test_a_short_number_is_easy_to_read_out() -> None:
    assert short_number(UUID(int=0)) == "0000-0000"
    assert short_number(UUID(int=(1 << 128) - 1)) == "ZZZZ-ZZZZ"
    assert short_number(UUID(int=32)) == "0000-0010"


async def registered(client: httpx.AsyncClient, session: UUID, **wish: Any) -> str:
    mine = await made(client, f"/v1/sessions/{session}/registrations", wish or None)
    return f"/v1/registrations/{mine['id']}"


async def test_a_ticket_on_paper_and_as_a_drawing(service: Running) -> None:
    session = await published_session(service, capacity=9)
    async with service.as_() as lan, service.as_() as stranger:
        mine = await registered(lan, session, size=2)
        token = (await lan.get(f"{mine}/ticket")).json()["ticket"]
        paper = await lan.get(f"{mine}/ticket.pdf")
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.headers["cache-control"] == "private"
        said = text_of(paper.content)
        number = short_number(UUID(mine.rsplit("/", 1)[1]))
        for part in ("Xưởng giấy dó", "Thư viện Hà Nội", "47 Bà Triệu", "Vé thường", number):
            assert part in said, part
        assert re.search(r"Số người 2\b", said)
        english = text_of((await lan.get(f"{mine}/ticket.pdf", headers=ENGLISH)).content)
        for part in ("Dó paper workshop", "Hanoi Library", "General", "Admits 2"):
            assert part in english, part
        assert (await lan.get(f"{mine}/ticket.pdf")).content == paper.content
        drawing = await lan.get(f"{mine}/ticket.svg")
        assert drawing.headers["content-type"].startswith("image/svg+xml")
        assert read_qr(drawing.text) == token
        for form in ("svg", "pdf"):
            answer = await stranger.get(f"{mine}/ticket.{form}")
            assert answer.json()["code"] == "registration.unknown"
        await lan.post(f"{mine}/cancellation")
        for form in ("svg", "pdf"):
            assert (await lan.get(f"{mine}/ticket.{form}")).json()["code"] == "ticket.cancelled"


def read_qr(svg: str) -> str:
    """The drawing's modules, painted and read by somebody else's reader."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    dark = re.search(r'stroke="#000"[^>]* d="([^"]+)"|d="([^"]+)"[^>]*stroke="#000"', svg)
    assert dark
    picture = Image.new("L", (side, side), 255)
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", dark[1] or dark[2]):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            for step in range(int(values[0])):
                picture.putpixel((int(x) + step, int(y)), 0)
            x += values[0]
    found = zxingcpp.read_barcodes(picture.resize((side * 8, side * 8)))
    assert len(found) == 1
    return found[0].text


async def test_a_pass_shows_the_ticket_to_whoever_has_its_address(service: Running) -> None:
    session = await published_session(service)
    async with service.as_() as lan, service.anonymous() as phone, service.as_() as stranger:
        mine = await registered(lan, session)
        token = (await lan.get(f"{mine}/ticket")).json()["ticket"]
        assert (await stranger.post(f"{mine}/pass")).status_code == 404
        assert (await stranger.delete(f"{mine}/pass")).status_code == 404
        path = (await lan.post(f"{mine}/pass")).json()["path"]
        page = await phone.get(path)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "Xưởng giấy dó" in page.text
        assert '<html lang="vi">' in page.text
        assert read_qr(page.text) == token
        english = await phone.get(path, headers=ENGLISH)
        assert "Dó paper workshop" in english.text
        assert english.headers["content-language"] == "en"
        # Nothing is loaded from anywhere, nothing runs, and the address is not passed on.
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src")
        assert page.headers["referrer-policy"] == "no-referrer"
        namespaces = page.text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?://|<script|<link|<img|url\(|@import|\sstyle=", namespaces)

        async with service.as_(Role.ORGANISER) as organiser:
            await organiser.put(f"{mine}/block", json={"blocked": True})
            assert "Vé này đã bị khoá" in (await phone.get(path)).text
            await organiser.put(f"{mine}/block", json={"blocked": False})
        await lan.post(f"{mine}/cancellation")
        gone = await phone.get(path)
        assert "Vé này đã bị huỷ" in gone.text
        assert "<svg" not in gone.text
        assert "This ticket is cancelled" in (await phone.get(path, headers=ENGLISH)).text


async def test_a_pass_before_the_place_is_confirmed_shows_no_code(service: Running) -> None:
    session = await published_session(service)
    async with service.as_() as lan, service.anonymous() as phone:
        mine = await registered(lan, session, hold=True)
        path = (await lan.post(f"{mine}/pass")).json()["path"]
        assert "<svg" not in (page := (await phone.get(path)).text)
        assert "chưa được xác nhận" in page
        await lan.post(f"{mine}/confirmation")
        assert "<svg" in (await phone.get(path)).text


async def test_a_pass_is_good_until_it_is_revoked_or_renewed(service: Running) -> None:
    session = await published_session(service)
    async with service.as_() as lan, service.anonymous() as phone:
        mine = await registered(lan, session)
        first = (await lan.post(f"{mine}/pass")).json()["path"]
        second = (await lan.post(f"{mine}/pass")).json()["path"]
        assert (await phone.get(first)).json()["code"] == "pass.unknown"
        assert (await phone.get(second)).is_success
        assert (await lan.delete(f"{mine}/pass")).status_code == 204
        assert (await phone.get(second)).status_code == 404
        third = (await lan.post(f"{mine}/pass")).json()["path"]
    kept = await service.platform.mongo.collection("passes").find().to_list(None)
    assert third.rsplit("/", 1)[1] not in str(kept)
    assert len(kept) == 1


async def test_a_hostile_title_stays_text_on_the_pass(service: Running) -> None:
    session = await published_session(service)
    title = '<img src=x onerror="alert(1)"> & $code Lễ hội'
    sessions = service.platform.mongo.collection("sessions")
    await sessions.update_one({"_id": session}, {"$set": {"title.vi": title}})
    async with service.as_() as lan, service.anonymous() as phone:
        path = (await lan.post(f"{await registered(lan, session)}/pass")).json()["path"]
        page = (await phone.get(path)).text
    assert "<img" not in page
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt; &amp; $code Lễ hội" in page
