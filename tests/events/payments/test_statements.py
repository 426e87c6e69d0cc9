"""Bank statements as they come out of banks: read whatever their columns, numbers and dates."""

from datetime import UTC, datetime

import pytest

from services.events.payments.fees.errors import StatementUnreadable
from services.events.payments.statements.rules import (
    StatementRow,
    parse_amount,
    parse_date,
    parse_statement,
)

ACCOUNT = "0123456789"
NINE_IN_HANOI = datetime(2026, 11, 7, 2, 0, tzinfo=UTC)
MIDNIGHT_IN_HANOI = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)

STATEMENTS = {
    "semicolons, a byte-order mark, two amounts": "\ufeff"
    "SAO KÊ TÀI KHOẢN;;;;\n"
    "Số tài khoản;0123456789;;;\n"
    "\n"
    "Ngày giao dịch;Số bút toán;Ghi nợ;Ghi có;Nội dung\n"
    "07/11/2026 09:00;FT26311;;20.000;HNUZHNXWPY4X mua vé tàu\n"
    "07/11/2026 09:00;FT26312;11.000;;Phí dịch vụ\n",
    "commas and quotes": '"Transaction Date","Transaction ID","Amount","Description"\r\n'
    '"2026-11-07 09:00:00","FT26311","+20,000.00 VND","HNUZHNXWPY4X mua vé tàu"\r\n'
    '"2026-11-07 09:00:00","FT26312","-11,000.00 VND","Phí dịch vụ"\r\n',
    "tabs, bilingual names": "STT\tNgày GD/ Date\tSố CT (Ref)\t"
    "Phát sinh nợ\tPhát sinh có\tDiễn giải\n"
    "1\t07-11-2026 09:00\tFT26311\t0\t20 000 đ\tHNUZHNXWPY4X mua vé tàu\n"
    "2\t07-11-2026 09:00\tFT26312\t11 000 đ\t0\tPhí dịch vụ\n",
}


@pytest.mark.parametrize("text", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_statements_of_several_banks_say_the_same(text: str) -> None:
    paid, fee = parse_statement(text.encode(), ACCOUNT)
    assert paid.transfer is not None
    assert paid.transfer.paid_at == NINE_IN_HANOI
    assert paid.transfer.amount == 20_000
    assert paid.transfer.text == "HNUZHNXWPY4X mua vé tàu"
    assert fee == StatementRow(fee.number, None)
    wide = parse_statement(text.removeprefix("\ufeff").encode("utf-16"), ACCOUNT)
    assert wide == [paid, fee]


def test_the_same_transfer_is_known_again_in_a_statement_of_another_form() -> None:
    keys = {parse_statement(text.encode(), ACCOUNT)[0].transfer.key for text in STATEMENTS.values()}  # type: ignore[union-attr]
    assert len(keys) == 1
    [other, _] = parse_statement(STATEMENTS["commas and quotes"].encode(), "9999")
    assert other.transfer is not None
    assert other.transfer.key not in keys, "another account's"


def without_ids(*lines: str) -> list[str]:
    text = "Ngày;Số tiền;Nội dung\n" + "".join(f"{line}\n" for line in lines)
    return [row.transfer.key for row in parse_statement(text.encode(), ACCOUNT) if row.transfer]


def test_without_the_bank_s_ids_those_alike_are_told_apart_by_their_order() -> None:
    one, other = "07/11/2026;20.000;ve tau", "07/11/2026;40.000;ve tau"
    first, second, third = without_ids(one, one, other)
    assert len({first, second, third}) == 3
    assert without_ids(other, one, one) == [third, first, second]
    assert without_ids("06/11/2026;20.000;ve tau", one)[1] == first, "a longer statement"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20.000", 20_000),
        ("20,000", 20_000),
        ("20000", 20_000),
        ("20.000,00", 20_000),
        ("20,000.00", 20_000),
        ("1.234.567", 1_234_567),
        ("1,234,567.0", 1_234_567),
        ("20 000 đ", 20_000),
        ("+20.000 VND", 20_000),
        ("-20.000VNĐ", -20_000),
        ("(20.000)", -20_000),
        ("20.00", 20),
        ("", 0),
        ("0", 0),
    ],
)
def test_sums_of_money(text: str, amount: int) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text", ["hai mươi nghìn", "20.000.00", "2.0000", "20.000,50", "1e5", "20.000.", "9" * 13, "٢٠"]
)
def test_what_is_no_sum_of_money(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("07/11/2026", MIDNIGHT_IN_HANOI),
        ("2026-11-07", MIDNIGHT_IN_HANOI),
        ("07/11/2026  09:00:00", NINE_IN_HANOI),
        ("2026-11-07T09:00:00", NINE_IN_HANOI),
    ],
)
def test_dates(text: str, at: datetime) -> None:
    assert parse_date(text) == at


@pytest.mark.parametrize("text", ["", "32/11/2026", "11/07", "07/11/0026", "hôm qua"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)


def test_a_line_that_cannot_be_read_is_said_and_spoils_no_other() -> None:
    text = (
        "Ngày;Ghi có;Nội dung\n"
        "07/11/2026;hai mươi;ve tau\n"
        "07/11/2026;20.000;ve tau\n"
        ";;\n"
        "Tổng cộng;20.000;\n"
        "07/11/2026\n"
    )
    found = parse_statement(text.encode(), ACCOUNT)
    assert [(row.number, row.readable) for row in found] == [
        (2, False),
        (3, True),
        (5, False),
        (6, True),
    ]
    assert [row.number for row in found if row.transfer] == [3]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x89PNG\r\n",
        "Ngày;Nội dung\n07/11/2026;vé".encode(),
        "xin chào".encode(),
        b'"' + b"x" * 200_000,
        "Ngày;Số tiền;Nội dung\n".encode("utf-16-be"),
    ],
)
def test_what_is_no_statement(body: bytes) -> None:
    with pytest.raises(StatementUnreadable):
        parse_statement(body, ACCOUNT)
