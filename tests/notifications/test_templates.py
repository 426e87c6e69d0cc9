"""The texts: there for every language, complete, and safe whatever is put into them."""

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import liquid
import pytest
from liquid import DictLoader
from liquid.exceptions import (
    LocalNamespaceLimitError,
    LoopIterationLimitError,
    OutputStreamLimitError,
    UndefinedError,
)

from services.notifications.sms.segments import segment
from services.notifications.templates.liquid_templates import (
    FOLDER,
    LimitedEnvironment,
    Purpose,
    render,
    when,
)
from shared.text import LANGUAGES, Language

FILES = sorted(FOLDER.glob("*/*.liquid"))
DATA: dict[str, Any] = {
    "name": "Nguyễn Thị Bích Hợp",
    "title": "Đối thoại: di sản và chữ Quốc ngữ",
    "venue": "Bảo tàng Hà Nội",
    "address": "đường Phạm Hùng, phường Từ Liêm",
    "starts_at": datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
    "expires_at": datetime(2026, 11, 23, 2, 40, tzinfo=UTC),
    "code": "482913",
    "ticket": "eyJhbGciOiJFZDI1NTE5In0.e30.c2ln",
    "receipt": "9f86d081884c7d659a2feaa0c55ad015",
    "number": 7,
    "text": "Mời bạn vào cửa số 2.\nHẹn gặp & <cảm ơn>!",
    "promoted": True,
    "held_place": True,
    "ended_by": "holder",
    "awarded": True,
    "unpaid": False,
    "due_back": 0,
    "passed_on": False,
    "amount": 40_000,
    "reference": "HNUZHNXWPY4X",
    "bank_name": "Ngân hàng Thử nghiệm",
    "account_number": "0123456789",
    "account_holder": "SO VAN HOA VA THE THAO HA NOI",
    "qr": "cid:ticket-qr",
    "mode": "hybrid",
    "reason": "Nghệ sĩ bị ốm",
    "notes": "Chuyển vào trong nhà vì trời mưa",
    "held": True,
}
DATA["sessions"] = [
    {"title": DATA["title"], "role": "host", "before": DATA | {"ends_at": DATA["starts_at"]},
     "after": DATA | {"ends_at": DATA["starts_at"]}},
]  # fmt: skip


def label(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def parts(file: Path) -> tuple[str, Language, Purpose]:
    language, purpose, _ = file.name.split(".")
    return file.parent.name, language, purpose  # type: ignore[return-value]


def test_both_languages_have_the_same_files() -> None:
    kinds = {language: {(t, p) for t, lang, p in map(parts, FILES) if lang == language}
             for language in LANGUAGES}  # fmt: skip
    assert kinds["vi"] == kinds["en"]


@pytest.mark.parametrize("file", FILES, ids=label)
@pytest.mark.parametrize("yes", [True, False])
def test_every_template_renders(file: Path, yes: bool) -> None:
    template, language, purpose = parts(file)
    data = DATA | {"promoted": yes, "held_place": yes, "awarded": yes}
    text = render(template, language, purpose, data)
    assert text
    assert "{{" not in text
    assert "{%" not in text
    assert purpose != "subject" or "\n" not in text


def uses() -> list[tuple[Path, str]]:
    """Every template with every variable that it needs."""
    return [
        (file, name)
        for file in FILES
        for name in DATA
        if re.search(rf"{{[{{%] *(if *)?{name}\b", file.read_text())
    ]


@pytest.mark.parametrize(
    ("file", "name"),
    [pytest.param(file, name, id=f"{label(file)} without {name}") for file, name in uses()],
)
def test_a_variable_that_is_missing_is_an_error_not_a_blank(file: Path, name: str) -> None:
    data = {key: value for key, value in DATA.items() if key != name}
    if name == "reason":
        data["ended_by"] = "session"  # else there is none
    with pytest.raises(UndefinedError, match=name):
        render(*parts(file), data)


def test_what_nobody_may_type_into_a_page_is_escaped_there() -> None:
    hostile = {"name": "<script>alert('Đỗ')</script>", "title": '"><img src=x onerror=alert(1)>'}
    for language in LANGUAGES:
        page = render("ticket", language, "html", DATA | hostile)
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page
        assert "Đỗ" in page
        # In plain text there is nothing to escape, and an escaped name would be a wrong one.
        assert hostile["name"] in render("ticket", language, "text", DATA | hostile)


def test_a_value_is_never_read_as_a_template() -> None:
    sly = "{{ ticket }}{% for i in (1..9) %}đ{% endfor %}"
    text = render("waiting", "vi", "text", DATA | {"name": sly})
    assert sly in text
    assert DATA["ticket"] not in text


def test_what_would_use_up_time_or_memory_is_stopped() -> None:
    loader = DictLoader(
        {
            "loop": "{% for a in (1..200) %}{% for b in (1..200) %}{% endfor %}{% endfor %}",
            "doubled": "{% assign s = 'đ' %}{% for i in (1..20) %}{% assign s = s | append: s %}"
            "{% endfor %}{{ s | size }}",
            "long": "{% for i in (1..900) %}" + "ộ" * 100 + "{% endfor %}",
        }
    )
    limited = LimitedEnvironment(loader=loader)
    with pytest.raises(LoopIterationLimitError):
        limited.get_template("loop").render()
    with pytest.raises(OutputStreamLimitError):
        limited.get_template("long").render()
    with pytest.raises(LocalNamespaceLimitError):
        limited.get_template("doubled").render()
    # The control: without our limits all go through.
    unlimited = liquid.Environment(loader=loader)
    assert unlimited.get_template("doubled").render() == str(2**20)
    assert unlimited.get_template("loop").render() == ""
    assert len(unlimited.get_template("long").render()) == 90_000


@pytest.mark.parametrize(
    ("moment", "vi", "en"),
    [
        (
            datetime(2026, 11, 22, 17, 5, tzinfo=UTC),
            "00:05, thứ Hai ngày 23/11/2026",
            "00:05 on Monday, 23 November 2026",
        ),
        (
            datetime(2026, 11, 22, 16, 59, tzinfo=UTC),
            "23:59, Chủ Nhật ngày 22/11/2026",
            "23:59 on Sunday, 22 November 2026",
        ),
    ],
    ids=["just after midnight in Hanoi", "just before"],
)
def test_moments_are_written_in_hanoi_s_time(moment: datetime, vi: str, en: str) -> None:
    assert when(moment, "vi") == vi
    assert when(moment, "en") == en


def test_a_name_typed_in_parts_is_composed() -> None:
    text = render("waiting", "vi", "text", DATA | {"name": unicodedata.normalize("NFD", "Hợp")})
    assert "Hợp" in text


def test_somebody_without_a_name_is_greeted_without_one() -> None:
    assert render("waiting", "vi", "text", DATA | {"name": ""}).startswith("Xin chào,\n")


def test_an_sms_about_a_long_title_still_fits_into_ten_parts() -> None:
    longest = {"title": "ệ" * 200, "venue": "ữ" * 200}
    for language in LANGUAGES:
        assert len(segment(render("ticket", language, "sms", DATA | longest)).parts) <= 10


@pytest.mark.parametrize(
    ("ended", "vi", "en"),
    [
        ({"ended_by": "expiry", "unpaid": True}, "hết hạn thanh toán", "not paid for in time"),
        ({"ended_by": "expiry", "unpaid": True}, "nếu còn", "if one is left"),
        ({"ended_by": "expiry", "due_back": 20_000}, "Không còn chỗ nào", "No seat became free"),
        ({"due_back": 40_000}, "giữ 40.000 đ", "We hold 40,000 VND"),
        ({"unpaid": True}, "đã được huỷ", "is cancelled"),
        ({"passed_on": True, "due_back": 20_000}, "nay giữ chỗ của bạn", "has your seat"),
        (
            {"passed_on": True, "due_back": 20_000, "held_place": False},
            "đã được huỷ",
            "is cancelled",
        ),
    ],
)
def test_why_a_place_that_costs_was_lost_and_what_of_the_money(
    ended: dict[str, Any], vi: str, en: str
) -> None:
    assert vi in render("cancelled_fee", "vi", "text", DATA | ended)
    assert en in render("cancelled_fee", "en", "text", DATA | ended)


def test_an_invoice_says_how_much_to_whom_with_which_words_and_until_when() -> None:
    for language, amount in (("vi", "40.000 đ"), ("en", "40,000 VND")):
        for purpose in ("text", "sms"):
            text = render("invoice", language, purpose, DATA)  # type: ignore[arg-type]
            for part in (amount, DATA["reference"], DATA["account_number"], "09:40"):
                assert part in text, (language, purpose, part)
