"""Bank statements as CSV, as Vietnamese banks write them.

Each bank has columns, separators and forms of numbers of its own; `COLUMNS` says which names we
know. What stands before the line with the names (the account, the period) is passed over.
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

# Folded (small letters, no diacritics), without what stands in brackets or behind a slash.
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
    """A line of the file, from 1, and the incoming transfer that it is."""

    number: int
    transfer: BankTransfer | None  # None: money went out, or none at all
    readable: bool = True


def rows(body: bytes, account: str) -> list[StatementRow]:
    """The lines of a statement of this account, without blank ones.

    A transfer is known again by the bank's id of it. Where the bank gives none, by date, amount,
    text, and which one it is of those alike: so a statement should cover whole days.
    Raises `StatementUnreadable`.
    """
    columns, lines = _table(_decoded(body))
    alike: Counter[tuple[object, ...]] = Counter()
    return [_row(number, line, columns, account, alike) for number, line in lines]


def _decoded(body: bytes) -> str:
    try:
        wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
        return nfc(body.decode("utf-16" if wide else "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise StatementUnreadable from error


def _table(text: str) -> tuple[dict[Column, int], Iterator[tuple[int, list[str]]]]:
    """Where each column is, and the numbered lines below their names."""
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
    """The first of each name, left to right."""
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
    alike: Counter[tuple[object, ...]],
) -> StatementRow:
    cells = {column: line[at].strip() if at < len(line) else "" for column, at in columns.items()}
    try:
        if "credit" in columns:
            amount = money(cells["credit"]) - abs(money(cells.get("debit", "")))
        else:
            amount = money(cells["amount"])
        paid_at = moment(cells["date"])
    except ValueError:
        return StatementRow(number, None, readable=False)
    if amount <= 0:
        return StatementRow(number, None)
    text = " ".join(cells["text"].split())
    given = cells.get("id")
    facts: tuple[object, ...] = ("id", given) if given else (paid_at, amount, text)
    alike[facts] += 1
    which = 1 if given else alike[facts]
    key = hashlib.sha256(repr((account, facts, which)).encode()).hexdigest()[:32]
    return StatementRow(number, BankTransfer(key, paid_at, amount, text[:1_000]))


def money(text: str) -> int:
    """Whole đồng, with or without a sign and separators: "20.000", "+20,000.00 VND", "-20 000 đ".

    Raises `ValueError` for what is no such number, or has a part of a đồng.
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


def moment(text: str) -> datetime:
    """A day, or a day and a time, by Hanoi's clock. Raises `ValueError`."""
    tidy = " ".join(text.split())
    for day in DATES:
        for time in TIMES:
            try:
                found = datetime.strptime(tidy, day + time)  # noqa: DTZ007 - its zone is ours
            except ValueError:
                continue
            if not 2000 <= found.year < 2200:
                break
            return found.replace(tzinfo=HANOI).astimezone(UTC)
    raise ValueError(text)
