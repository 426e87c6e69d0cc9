"""The tables that organisers export: their columns, and what a cell of a CSV file may contain.

A table has one row for each registration, scan or session. It has ids and never names of people.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from shared.clock import local
from shared.errors import DomainError
from shared.text import Language

MAX_ROWS = 1_048_575  # below the headings; the limit of an XLSX sheet (ECMA-376)

Cell = str | int | datetime | UUID | None
Row = tuple[Cell, ...]


class ExportTooLong(DomainError):
    status = 422
    code = "export.too_long"
    vi = "Bảng có nhiều dòng hơn mức XLSX cho phép. Hãy xuất ra CSV."
    en = "There are more rows than XLSX allows. Please export as CSV."


class Sheet(StrEnum):
    REGISTRATIONS = "registrations"
    SCANS = "scans"  # of tickets at gates
    SCHEDULE = "schedule"


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class Column(NamedTuple):
    vi: str
    en: str
    width: int = 18  # characters

    def heading(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


_ID_WIDTH = 38  # characters: an id and a margin
_SESSION = (
    Column("Mã buổi", "Session", _ID_WIDTH),
    Column("Tên buổi", "Title", 40),
    Column("Bắt đầu (giờ Hà Nội)", "Begins (Hanoi time)"),
)

COLUMNS = {
    Sheet.REGISTRATIONS: (
        Column("Mã đăng ký", "Registration", _ID_WIDTH),
        Column("Mã người", "Person", _ID_WIDTH),
        *_SESSION,
        Column("Loại vé", "Kind"),
        Column("Số chỗ", "Seats"),
        Column("Trạng thái", "Status"),
        Column("Số thứ tự chờ", "Number on the waiting list"),
        Column("Lúc đăng ký", "Registered at"),
        Column("Lúc xác nhận", "Confirmed at"),
        Column("Lúc vào cửa", "Admitted at"),
        Column("Lúc huỷ", "Cancelled at"),
        Column("Ai huỷ", "Cancelled by"),
        Column("Lý do xếp chỗ", "Reason for the seat", 40),
    ),
    Sheet.SCANS: (
        Column("Mã đăng ký", "Registration", _ID_WIDTH),
        *_SESSION,
        Column("Mã cổng", "Gate", _ID_WIDTH),
        Column("Thiết bị", "Device"),
        Column("Lúc quét", "Scanned at"),
        Column("Hướng", "Direction"),
        Column("Kết quả", "Result"),
    ),
    Sheet.SCHEDULE: (
        *_SESSION,
        Column("Kết thúc", "Ends"),
        Column("Mã hoạt động", "Activity", _ID_WIDTH),
        Column("Địa điểm", "Venue", 40),
        Column("Địa chỉ", "Address", 40),
        Column("Sức chứa", "Capacity"),
        Column("Đã nhận", "Taken"),
        Column("Đang chờ", "Waiting"),
        Column("Công khai", "Public"),
        Column("Đã huỷ", "Cancelled"),
    ),
}


def headings(sheet: Sheet, language: Language) -> list[str]:
    return [column.heading(language) for column in COLUMNS[sheet]]


def csv_cell(cell: Cell) -> str | int:
    """A cell as it is written to CSV. Times are Hanoi time.

    A text that a spreadsheet would read as a formula gets an apostrophe before it. Otherwise a
    person who registers, or names a device, could run something on an organiser's computer (OWASP,
    "CSV Injection"). Full-width signs too: some versions of Excel read them as the normal ones.
    """
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    if isinstance(cell, datetime):
        return f"{local(cell):%Y-%m-%d %H:%M:%S}"
    text = str(cell)
    first = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n＝＋－＠" else text
