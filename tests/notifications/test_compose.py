"""An e-mail as it is put together."""

import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from services.notifications.email.mime import compose
from services.notifications.messages.rules import Message
from shared.ids import new_id
from shared.testing.scenarios import NOON
from shared.text import Language
from tests.notifications.scene import TITLE, VENUE, a_message

SENDER = "Hà Nội Sáng tạo <no-reply@creative-city.example>"
HEADERS = {
    "From", "To", "Subject", "Message-ID", "Date", "Content-Language", "Auto-Submitted",
    "X-Trace-ID", "MIME-Version", "Content-Type",
}  # fmt: skip


def arrived(message: Message) -> EmailMessage:
    """The mail as its reader has it: flattened for SMTP and parsed again."""
    raw = compose(message, SENDER).as_bytes(policy=policy.SMTP)
    assert max(len(line) for line in raw.split(b"\r\n")) < 998  # RFC 5322, 2.1.1
    return message_from_bytes(raw, policy=policy.default)


def body(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert isinstance(found, EmailMessage), f"no {kind}"
    return str(found.get_content())


def test_one_message_always_has_one_message_id() -> None:
    message = a_message()
    first, again = arrived(message), arrived(message.model_copy(update={"attempts": 7}))
    assert first["Message-ID"] == again["Message-ID"] == f"<{message.id}@creative-city.example>"
    assert first["Date"] == again["Date"]
    other = a_message(id=new_id())
    assert arrived(other)["Message-ID"] != first["Message-ID"]


def test_the_mail_says_whom_it_is_for_and_that_a_machine_wrote_it() -> None:
    mail = arrived(a_message())
    assert [a.addr_spec for a in mail["To"].addresses] == ["anh.dang@hanoi.example"]
    assert mail["To"].addresses[0].display_name == "Đặng Thị Ngọc Ánh"
    assert mail["From"].addresses[0].display_name == "Hà Nội Sáng tạo"
    assert mail["Auto-Submitted"] == "auto-generated"  # RFC 3834: no out-of-office, please
    assert mail["Content-Language"] == "vi"
    assert mail["X-Trace-ID"] == "0af7651916cd43dd8448eb211c80319c"
    assert set(mail.keys()) == HEADERS


@pytest.mark.parametrize(
    "title",
    [
        "Đối thoại",
        "Đường gốm: từ Bát Tràng tới Chu Đậu, và những người giữ lửa lò suốt đời mình (2026)",
        "ộ" * 200,
        "Giao lộ sáng tạo 🎉 “nghề” – làng",
    ],
)
def test_the_subject_survives_the_journey(title: str) -> None:
    mail = arrived(a_message(data=a_message().data | {"title": title}))
    assert mail["Subject"] == f"Vé của bạn: {title}"


WORDS = [
    "Trung", "tâm", "thiết", "kế", "sáng", "tạo", "Hà", "Nội", "a", "workshop", "on", "design:"
]  # fmt: skip


@pytest.mark.long
@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join))
def test_folding_the_subject_loses_no_space(title: str) -> None:
    mail = arrived(a_message(data=a_message().data | {"title": title}))
    assert mail["Subject"] == f"Vé của bạn: {title}"


@pytest.mark.parametrize("ticket", [a_message().data["ticket"], "A" * 700, "vé-số-7-của-Đỗ"])
def test_the_qr_code_in_the_page_is_the_ticket(ticket: str) -> None:
    mail = arrived(a_message(data=a_message().data | {"ticket": ticket}))
    shown = re.findall(r'<img src="cid:([^"]+)"', body(mail, "html"))
    pictures = {part["Content-ID"]: part for part in mail.walk() if part["Content-ID"]}
    assert [f"<{name}>" for name in shown] == list(pictures)
    picture = pictures[f"<{shown[0]}>"]
    assert picture.get_content_type() == "image/png"
    assert picture.get_content_disposition() == "inline"
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.get_content())).convert("L"))
    assert [code.text for code in found] == [ticket]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_bill_brings_the_code_that_a_banking_app_reads(language: Language) -> None:
    code = (
        "00020101021238540010A00000072701240006999999011001234567890208QRIBFTTA"
        "53037045405400005802VN62160812HNWCXZUU9V5K6304ABCD"
    )
    bill = {
        "vietqr": code, "amount": 40_000, "reference": "HNWCXZUU9V5K", "expires_at": NOON,
        "bank_name": "Ngân hàng Thử nghiệm", "account_number": "0123456789",
        "account_holder": "SO VAN HOA",
    }  # fmt: skip
    data = {name: value for name, value in a_message().data.items() if name != "ticket"}
    mail = arrived(a_message(template="invoice", language=language, data=data | bill))
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture.get_filename() == "vietqr.png"
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.get_content())).convert("L"))
    assert [one.text for one in found] == [code]
    assert "VietQR" in body(mail, "plain")


def test_text_and_page_both_say_what_where_and_when() -> None:
    mail = arrived(a_message())
    assert mail.get_content_type() == "multipart/alternative"
    text, page = body(mail, "plain"), body(mail, "html")
    for said in (VENUE, "09:30, thứ Hai ngày 23/11/2026", "551 Nguyễn Văn Cừ", "Ngọc Ánh"):
        assert said in text
        assert said in page
    assert TITLE in text
    assert TITLE.replace("&", "&amp;") in page
    assert a_message().data["ticket"] in text  # for those who see no pictures


def test_a_mail_without_a_page_is_text_alone() -> None:
    message = a_message(template="profile_approved", data={})
    mail = arrived(message)
    assert mail.get_content_type() == "text/plain"
    assert "đã được duyệt" in mail.get_content()


def test_a_ticket_that_no_page_can_show_is_an_error() -> None:
    data = {"title": TITLE, "held_place": True, "ended_by": "holder"}
    data |= {"starts_at": a_message().created_at}
    with pytest.raises(TypeError, match="HTML page"):
        compose(a_message(template="cancelled", data=data | {"ticket": "vé"}), SENDER)


LINE_ENDS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
HOSTILE = [
    *(f"Trần Đỗ{end}Bcc: evil@x.example{end}{end}Xin chào" for end in LINE_ENDS),
    "=?utf-8?q?a=0d=0aBcc=3a_evil=40x.example?=",
    "Đỗ =?utf-8?q?a=0d=0aBcc=3a_evil=40x.example=0d=0a=0d=0abody?= Lệ",
    "=\n?utf-8?q?evil=40x.example=2C?= ạ",
    "evil@x.example, Đỗ Thị “Bé” <evil@y.example>",
    'Đỗ", evil@x.example, "',
    "x" * 70 + ", evil@x.example" * 30,
    "nhóm: evil@x.example;",
    "(Đỗ \\",
    "",
    " \t ",
]


def safe(text: str) -> None:
    data = a_message().data | {"title": text}
    mail = arrived(a_message(name=text, data=data))
    for parsed in (mail, message_from_bytes(mail.as_bytes(), policy=policy.compat32)):
        assert set(parsed.keys()) == HEADERS
        assert len(parsed.keys()) == len(HEADERS)
    assert [a.addr_spec for a in mail["To"].addresses] == ["anh.dang@hanoi.example"]
    assert len(str(mail["Subject"]).splitlines()) == 1
    assert "Vé của bạn:" in mail["Subject"]
    assert "Chỗ của bạn đã được xác nhận" in body(mail, "plain")
    assert "Chỗ của bạn đã được xác nhận" in body(mail, "html")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_or_a_title_writes_no_headers(text: str) -> None:
    safe(text)


ANYTHING = st.characters(exclude_categories=["Cs"])  # no database holds half a surrogate pair
SPECIAL = st.sampled_from('=?\r\n,;:<>@"\\()[]. ẽĐq')


@pytest.mark.long
@settings(max_examples=80, deadline=None, database=None)
@given(st.text(st.one_of(SPECIAL, ANYTHING), max_size=90))
@example("=?utf-8?q?=0a?=")
def test_no_name_or_title_at_all_writes_headers(text: str) -> None:
    safe(text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
        ("Trần, Thị Bé", "Trần Thị Bé"),
        ("Lê V. An", "Lê V. An"),
        ("Đỗ\nAn", "Đỗ An"),
        (None, ""),
    ],
)
def test_a_name_stands_before_the_address_without_what_ends_a_name(
    name: str | None, shown: str
) -> None:
    assert arrived(a_message(name=name))["To"].addresses[0].display_name == shown


@pytest.mark.parametrize(
    ("mode", "gate", "online"), [("on_site", 1, 0), ("hybrid", 1, 1), ("online", 0, 1)]
)
def test_a_ticket_says_whether_one_comes_or_joins(mode: str, gate: int, online: int) -> None:
    mail = arrived(a_message(data=a_message().data | {"mode": mode}))
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert ("nhân viên soát vé" in text, "trực tuyến" in text) == (gate, online)


def test_a_ticket_planned_before_modes_were_told_is_still_sent() -> None:
    assert "nhân viên soát vé" in body(arrived(a_message()), "plain")
