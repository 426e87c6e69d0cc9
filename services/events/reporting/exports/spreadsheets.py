"""Writes rows as CSV or XLSX, a page at a time: memory does not grow with the sheet."""

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
    MOST_ROWS,
    ExportTooLong,
    Row,
    Sheet,
    headings,
    plain,
)
from shared.clock import local
from shared.text import Language

PAGE = 500  # rows
CHUNK = 64 * 1024  # bytes


async def paged(rows: AsyncIterator[Row]) -> AsyncIterator[list[Row]]:
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
    """UTF-8 (RFC 4180); with a byte order mark Excel knows that it is."""
    yield ("\ufeff" if bom else "").encode() + _lines([headings(sheet, language)])
    async for page in paged(rows):
        yield _lines([[plain(cell) for cell in row] for row in page])


def _lines(rows: list[Any]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


async def as_xlsx(sheet: Sheet, rows: AsyncIterator[Row], language: Language) -> IO[bytes]:
    """A temporary file, at its beginning. Whoever takes it closes it. Raises `ExportTooLong`.

    Texts are written as texts: no cell is a formula or a link, whatever it begins with.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - handed on open
    try:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        page = book.add_worksheet(sheet.value)
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for number, column in enumerate(COLUMNS[sheet]):
            page.set_column(number, number, column.width)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, headings(sheet, language), bold)
        written = 0
        async for some in paged(rows):
            if written + len(some) > MOST_ROWS:
                raise ExportTooLong
            await asyncio.to_thread(_write, page, written + 1, some, moment)
            written += len(some)
        page.autofilter(0, 0, written, len(COLUMNS[sheet]) - 1)
        await asyncio.to_thread(book.close)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _write(page: Any, first: int, rows: list[Row], moment: Any) -> None:
    for down, row in enumerate(rows, start=first):
        for across, cell in enumerate(row):
            if isinstance(cell, datetime):
                # What a cell holds has no time zone: Hanoi's clock.
                page.write_datetime(down, across, local(cell).replace(tzinfo=None), moment)
            elif isinstance(cell, int):
                page.write_number(down, across, cell)
            elif isinstance(cell, str | UUID):
                page.write_string(down, across, str(cell))


async def chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
