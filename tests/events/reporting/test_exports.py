"""Exported tables, CSV and XLSX: a spreadsheet reads them, and runs nothing that they contain."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import openpyxl
import pytest

from services.events.reporting.exports.rules import COLUMNS, Row, Sheet, csv_cell
from services.events.reporting.exports.spreadsheets import PAGE, as_csv
from shared.clock import local, now
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from tests.events.programme.sample_programme import made
from tests.events.reporting.test_segments import register, two_sessions

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_text_that_a_spreadsheet_would_run_is_only_a_text(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Lễ hội", "3=3", "a@b", "", "đ-đ", "'="])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert csv_cell(text) == text


def test_numbers_are_numbers_even_below_zero() -> None:
    assert (csv_cell(-3), csv_cell(None)) == (-3, "")


def test_moments_are_told_by_hanois_clock() -> None:
    assert csv_cell(datetime.fromisoformat("2026-11-07T19:30:00Z")) == "2026-11-08 02:30:00"


def test_every_sheet_says_the_same_in_both_languages() -> None:
    for columns in COLUMNS.values():
        assert len({c.vi for c in columns}) == len({c.en for c in columns}) == len(columns)


async def festival(service: Running) -> tuple[str, list[str], list[Any]]:
    """An edition of two sessions, with three in the first (one seated by staff, one let in)."""
    edition_id, sessions = await two_sessions(service)
    got = []
    for number, one in enumerate([sessions[0], sessions[1], sessions[1]]):
        async with service.as_() as client:
            got.append(await register(client, one))
            if number == 0:
                ticket = (await client.get(f"/v1/registrations/{got[0]['id']}/ticket")).json()
    async with service.as_(Role.ORGANISER) as mai, service.as_(Role.GATE) as gate:
        why = {"reason": '=HYPERLINK("http://x.example";"Diễn giả")'}
        await made(mai, f"/v1/registrations/{got[2]['id']}/seat", why)
        await made(gate, f"/v1/sessions/{sessions[0]}/admissions", ticket)
    return edition_id, sessions, got


async def taken(client: httpx.AsyncClient, edition_id: str, name: str, **query: Any) -> Any:
    path = f"/v1/editions/{edition_id}/exports/{name}"
    answer = await client.get(path, params=query, headers={"Accept-Language": "vi"})
    assert answer.status_code == 200, answer.text
    return answer


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_registrations_as_csv(service: Running) -> None:
    edition_id, sessions, got = await festival(service)
    async with service.as_(Role.ORGANISER) as mai:
        answer = await taken(mai, edition_id, "registrations.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.content.startswith("\ufeffMã đăng ký,Mã người,".encode())
        found = {row["Mã đăng ký"]: row for row in rows(answer)}
        assert set(found) == {one["id"] for one in got}
        first, third = found[got[0]["id"]], found[got[2]["id"]]
        assert (first["Trạng thái"], first["Mã người"]) == ("confirmed", got[0]["person_id"])
        assert first["Lúc vào cửa"].startswith(f"{local(now()):%Y-%m-%d}")
        assert third["Lý do xếp chỗ"].startswith("'=HYPERLINK"), "it runs nowhere"
        assert (third["Số thứ tự chờ"], third["Tên buổi"]) == ("1", "Xưởng giấy dó")
        plainly = await taken(mai, edition_id, "registrations.csv", bom=False)
        assert plainly.content == answer.content.removeprefix(b"\xef\xbb\xbf")
        one = await taken(mai, edition_id, "registrations.csv", session_id=sessions[1])
        assert {row["Mã đăng ký"] for row in rows(one)} == {got[1]["id"], got[2]["id"]}


async def test_registrations_as_xlsx_have_real_moments_and_no_formulas(service: Running) -> None:
    edition_id, _, got = await festival(service)
    async with service.as_(Role.ORGANISER) as mai:
        path = f"/v1/editions/{edition_id}/exports/registrations.xlsx"
        answer = await mai.get(path, headers={"Accept-Language": "en"})
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].endswith('-registrations.xlsx"')
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    heading, *lines = page.iter_rows()
    names = [cell.value for cell in heading]
    assert names[:2] == ["Registration", "Person"]
    found = {line[0].value: dict(zip(names, line, strict=True)) for line in lines}
    seat = found[got[2]["id"]]
    assert seat["Registered at"].is_date
    asked = local(datetime.fromisoformat(got[2]["asked_at"])).replace(tzinfo=None)
    assert abs((seat["Registered at"].value - asked).total_seconds()) < 1
    reason = seat["Reason for the seat"]
    assert (reason.data_type, reason.value[:11]) == ("s", "=HYPERLINK("), "a text, not a formula"
    assert seat["Seats"].data_type == "n"


async def test_scans_and_the_schedule(service: Running) -> None:
    edition_id, sessions, got = await festival(service)
    async with service.as_(Role.ORGANISER) as mai:
        [scan] = rows(await taken(mai, edition_id, "scans.csv"))
        assert (scan["Mã đăng ký"], scan["Kết quả"]) == (got[0]["id"], "admitted")
        schedule = rows(await taken(mai, edition_id, "schedule.csv"))
        assert [row["Mã buổi"] for row in schedule] == sessions
        figures = [(row["Sức chứa"], row["Đã nhận"], row["Đang chờ"]) for row in schedule]
        assert figures == [("3", "1", "0"), ("1", "2", "0")]


async def test_who_took_what_is_on_record_and_what_is_not_there_is_not_taken(
    service: Running,
) -> None:
    edition_id, sessions, _ = await festival(service)
    async with service.as_(Role.ORGANISER, person=(mai_id := new_id())) as mai:
        await taken(mai, edition_id, "registrations.csv")
        await taken(mai, edition_id, "scans.xlsx", session_id=sessions[0])
        base = f"/v1/editions/{edition_id}/exports"
        for path, code in (
            (f"/v1/editions/{new_id()}/exports/schedule.csv", 404),
            (f"{base}/registrations.csv?session_id={new_id()}", 404),
            (f"{base}/registrations.pdf", 422),
            (f"{base}/people.csv", 422),
        ):
            assert (await mai.get(path)).status_code == code, path
    async with service.as_(Role.ADMIN) as admin:
        found = (await admin.get("/v1/audit", params={"by": mai_id})).json()["items"]
    assert [(row["action"], row["on"]["id"]) for row in reversed(found)] == [
        ("edition.export_registrations", edition_id),
        ("session.export_scans", sessions[0]),
    ]


async def test_a_sheet_goes_out_while_it_is_being_read() -> None:
    """No more than one page is read ahead, so a larger table needs no more memory."""
    read = 0

    async def many() -> AsyncIterator[Row]:
        nonlocal read
        for number in range(10 * PAGE):
            read += 1
            yield (number,)

    out = as_csv(Sheet.SCANS, many(), "vi", bom=False)
    heading, first = await anext(out), await anext(out)
    assert heading.startswith("Mã đăng ký".encode())
    assert (len(first.splitlines()), read) == (PAGE, PAGE)
    assert sum([len(lines.splitlines()) async for lines in out]) == 9 * PAGE
