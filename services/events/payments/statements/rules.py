"""Reads bank statements in CSV, as Vietnamese banks write them.

Each bank has its own column names, separators and number formats. `COLUMNS` has the names that we
know. Lines before the line with the column names (account, period) are ignored.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from services.events.payments.fees.errors import StatementUnreadable
from services.events.payments.fees.rules import BankTransfer
from shared.clock import HANOI
from shared.text import fold, nfc

Column = Literal["date", "amount", "credit", "debit", "text", "id"]

# Folded (small letters, no diacritics), without text in brackets or after a slash.
COLUMNS: Mapping[Column, frozenset[str]] = {
    "date": frozenset(
        {"ngay", "ngay giao dich", "ngay gd", "ngay hieu luc", "ngay hach toan", "thoi gian"}
        | {"thoi gian giao dich", "date", "transaction date", "posting date", "value date"}
    ),
    "amount": frozenset({"so tien", "so tien giao dich", "so tien gd", "amount"}),
    "credit": frozenset(
        {"co", "ghi co", "phat sinh co", "ps co", "so tien ghi co", "so tien co", "tien vao"}
        | {"credit", "credit amount"}
    ),
    "debit": frozenset(
        {"no", "ghi no", "phat sinh no", "ps no", "so tien ghi no", "so tien no", "tien ra"}
        | {"debit", "debit amount"}
    ),
    "text": frozenset(
        {"noi dung", "noi dung giao dich", "noi dung chi tiet", "dien giai", "mo ta"}
        | {"mo ta giao dich", "description", "details", "remark", "transaction detail"}
    ),
    "id": frozenset(
        {"ma giao dich", "ma gd", "so giao dich", "so tham chieu", "so but toan", "so ct"}
        | {"so chung tu", "transaction id", "transaction no", "reference", "ref no"}
    ),
}
DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S")

_THOUSANDS = re.compile(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d{1,2}))?", re.ASCII)
_PLAIN = re.compile(r"(\d+)(?:[.,](\d{1,2}))?", re.ASCII)


class StatementRow(NamedTuple):
    """A line of the file, numbered from 1, and the incoming transfer on it."""

    number: int
    transfer: BankTransfer | None  # None: not an incoming transfer
    readable: bool = True


def parse_statement(body: bytes, account: str) -> list[StatementRow]:
    """The lines of a statement of this account, without blank lines.

    The key of a transfer is made from the bank's id for it. If the bank gives none, it is made from
    date, amount, text, and a count of equal ones; so a statement must cover whole days.
    Raises `StatementUnreadable`.
    """
    columns, lines = _table(_decoded(body))
    equal: Counter[tuple[object, ...]] = Counter()
    return [_row(number, line, columns, account, equal) for number, line in lines]


def _decoded(body: bytes) -> str:
    try:
        wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
        return nfc(body.decode("utf-16" if wide else "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise StatementUnreadable from error


def _table(text: str) -> tuple[dict[Column, int], Iterator[tuple[int, list[str]]]]:
    """The position of each column, and the numbered lines below the column names."""
    for delimiter in ";\t,":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            lines = [(reader.line_num, line) for line in reader]
        except csv.Error as error:
            raise StatementUnreadable from error
        for at, (_, line) in enumerate(lines):
            columns = _columns(line)
            if {"date", "text"} <= columns.keys() and columns.keys() & {"amount", "credit"}:
                filled = (one for one in lines[at + 1 :] if any(cell.strip() for cell in one[1]))
                return columns, filled
    raise StatementUnreadable


def _columns(line: Sequence[str]) -> dict[Column, int]:
    """The position of each column. If a name comes twice, the first one counts."""
    found: dict[Column, int] = {}
    for at, cell in enumerate(line):
        name = fold(re.split(r"[/(\n]", cell, maxsplit=1)[0])
        for column, names in COLUMNS.items():
            if name in names:
                found.setdefault(column, at)
    return found


def _row(
    number: int,
    line: Sequence[str],
    columns: Mapping[Column, int],
    account: str,
    equal: Counter[tuple[object, ...]],
) -> StatementRow:
    cells = {column: line[at].strip() if at < len(line) else "" for column, at in columns.items()}
    try:
        if "credit" in columns:
            amount = parse_amount(cells["credit"]) - abs(parse_amount(cells.get("debit", "")))
        else:
            amount = parse_amount(cells["amount"])
        paid_at = parse_date(cells["date"])
    except ValueError:
        return StatementRow(number, None, readable=False)
    if amount <= 0:
        return StatementRow(number, None)
    text = " ".join(cells["text"].split())
    given = cells.get("id")
    facts: tuple[object, ...] = ("id", given) if given else (paid_at, amount, text)
    equal[facts] += 1
    which = 1 if given else equal[facts]
    key = hashlib.sha256(repr((account, facts, which)).encode()).hexdigest()[:32]
    return StatementRow(number, BankTransfer(key, paid_at, amount, text[:1_000]))


def parse_amount(text: str) -> int:
    """Whole đồng, with or without a sign and separators: "20.000", "+20,000.00 VND", "-20 000 đ".

    Raises `ValueError` for other text, and for a fraction of a đồng.
    """
    bare = re.sub(r"(?i)\s|vnđ|vnd|đ|'", "", text)
    sign = -1 if bare.startswith("-") or (bare.startswith("(") and bare.endswith(")")) else 1
    bare = bare.strip("()").lstrip("+-")
    if not bare:
        return 0
    grouped, plain = _THOUSANDS.fullmatch(bare), _PLAIN.fullmatch(bare)
    if grouped:
        whole, fraction = re.sub(r"[.,]", "", grouped[1]), grouped[3]
    elif plain:
        whole, fraction = plain[1], plain[2]
    else:
        raise ValueError(text)
    if int(fraction or 0) or len(whole) > 12:
        raise ValueError(text)
    return sign * int(whole)


def parse_date(text: str) -> datetime:
    """A day, or a day and a time, in Hanoi's time zone. Raises `ValueError`."""
    tidy = " ".join(text.split())
    for day in DATES:
        for time in TIMES:
            try:
                found = datetime.strptime(tidy, day + time)  # noqa: DTZ007 - the zone is set below
            except ValueError:
                continue
            if not 2000 <= found.year < 2200:
                break
            return found.replace(tzinfo=HANOI).astimezone(UTC)
    raise ValueError(text)
