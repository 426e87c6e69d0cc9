"""Writes rows as CSV or XLSX, a page at a time: a larger table needs no more memory."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import xlsxwriter  # type: ignore[import-untyped]

from services.events.reporting.exports.rules import (
    COLUMNS,
    MAX_ROWS,
    ExportTooLong,
    Row,
    Sheet,
    csv_cell,
    headings,
)
from shared.clock import local
from shared.text import Language

PAGE = 500  # rows that are written together
CHUNK = 64 * 1024  # bytes that are sent together


async def in_pages(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
    """The rows in lists of `PAGE`; the last list may be shorter."""
    page: list[Row] = []
    async for row in rows:
        page.append(row)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


async def as_csv(
    sheet: Sheet, rows: AsyncIterator[Row], language: Language, *, bom: bool
) -> AsyncIterator[bytes]:
    """CSV (RFC 4180) in UTF-8. Excel recognises UTF-8 only by the byte order mark (`bom`)."""
    yield ("\ufeff" if bom else "").encode() + _lines([headings(sheet, language)])
    async for page in in_pages(rows):
        yield _lines([[csv_cell(cell) for cell in row] for row in page])


def _lines(rows: list[Any]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


async def as_xlsx(sheet: Sheet, rows: AsyncIterator[Row], language: Language) -> IO[bytes]:
    """An open temporary file, at its beginning. The caller closes it. Raises `ExportTooLong`.

    Texts are written as texts: no cell becomes a formula or a link, whatever its first character.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        workbook = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        worksheet = workbook.add_worksheet(sheet.value)
        bold = workbook.add_format({"bold": True})
        time_format = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for number, column in enumerate(COLUMNS[sheet]):
            worksheet.set_column(number, number, column.width)
        worksheet.freeze_panes(1, 0)
        worksheet.write_row(0, 0, headings(sheet, language), bold)
        written = 0
        async for page in in_pages(rows):
            if written + len(page) > MAX_ROWS:
                raise ExportTooLong
            await asyncio.to_thread(_write, worksheet, written + 1, page, time_format)
            written += len(page)
        worksheet.autofilter(0, 0, written, len(COLUMNS[sheet]) - 1)
        await asyncio.to_thread(workbook.close)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _write(worksheet: Any, first_row: int, rows: list[Row], time_format: Any) -> None:
    for number, row in enumerate(rows, start=first_row):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                # A cell has no time zone; this is Hanoi time.
                wall_time = local(cell).replace(tzinfo=None)
                worksheet.write_datetime(number, column, wall_time, time_format)
            elif isinstance(cell, int):
                worksheet.write_number(number, column, cell)
            elif isinstance(cell, str | UUID):
                worksheet.write_string(number, column, str(cell))


async def chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The content of the file. Closes it at the end."""
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
