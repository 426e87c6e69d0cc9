"""What stands in the sheets that organisers take out: one row a thing, ids and never names."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from shared.clock import local
from shared.errors import DomainError
from shared.text import Language

MOST_ROWS = 1_048_575  # below the heading; all that a sheet of XLSX has (ECMA-376)

Cell = str | int | datetime | UUID | None
Row = tuple[Cell, ...]


class ExportTooLong(DomainError):
    status = 422
    code = "export.too_long"
    vi = "Bảng có nhiều dòng hơn mức XLSX cho phép; hãy lấy bản CSV."
    en = "There are more rows than XLSX allows; take it as CSV."


class Sheet(StrEnum):
    REGISTRATIONS = "registrations"
    SCANS = "scans"  # each ticket shown at a gate
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


_ID = 38  # characters of an id, and a little air
_SESSION = (
    Column("Mã phiên", "Session", _ID),
    Column("Tên phiên", "Title", 40),
    Column("Bắt đầu (giờ Hà Nội)", "Begins (Hanoi time)"),
)

COLUMNS = {
    Sheet.REGISTRATIONS: (
        Column("Mã đăng ký", "Registration", _ID),
        Column("Mã người", "Person", _ID),
        *_SESSION,
        Column("Loại vé", "Kind"),
        Column("Số chỗ", "Places"),
        Column("Trạng thái", "Status"),
        Column("Số thứ tự chờ", "Number in line"),
        Column("Lúc đăng ký", "Asked at"),
        Column("Lúc xác nhận", "Confirmed at"),
        Column("Lúc vào cửa", "Admitted at"),
        Column("Lúc huỷ", "Cancelled at"),
        Column("Ai huỷ", "Cancelled by"),
        Column("Lý do xếp chỗ", "Reason for the seat", 40),
    ),
    Sheet.SCANS: (
        Column("Mã đăng ký", "Registration", _ID),
        *_SESSION,
        Column("Mã cửa", "Gate", _ID),
        Column("Thiết bị", "Device"),
        Column("Lúc quét", "Shown at"),
        Column("Hướng", "Way"),
        Column("Kết quả", "Answer"),
    ),
    Sheet.SCHEDULE: (
        *_SESSION,
        Column("Kết thúc", "Ends"),
        Column("Mã hoạt động", "Activity", _ID),
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


def plain(cell: Cell) -> str | int:
    """As CSV has it. Moments by Hanoi's clock.

    A text that a spreadsheet would take for a formula gets an apostrophe before it: one who
    registers, or names a device, must not run anything on an organiser's machine (OWASP, "CSV
    Injection"; the full-width signs too, which some editions of Excel read as the others).
    """
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    if isinstance(cell, datetime):
        return f"{local(cell):%Y-%m-%d %H:%M:%S}"
    text = str(cell)
    begins = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if begins and begins in "=+-@\t\r\n＝＋－＠" else text
