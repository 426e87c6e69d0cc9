"""Exports: registrations, scans and schedules as spreadsheets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response, StreamingResponse

from services.events.dependencies import Organiser, TheAudit
from services.events.programme.dependencies import AllEditions
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.sessions.rules import SessionUnknown
from services.events.reporting.dependencies import TheExportQueries
from services.events.reporting.exports.rules import ExportTooLong, FileFormat, Sheet
from services.events.reporting.exports.spreadsheets import as_csv, as_xlsx, chunks
from shared.http.language import current_language
from shared.http.now import Now
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["exports"])

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/editions/{edition_id}/exports/{sheet}.{form}",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {}, XLSX: {}}, "description": "The sheet."},
        **problems(EditionUnknown, SessionUnknown, ExportTooLong),
    },
)
async def export_sheet(
    edition_id: UUID,
    sheet: Annotated[Sheet, Path(description="What to export.")],
    form: Annotated[FileFormat, Path(description="The form of the file.")],
    who: Organiser,
    editions: AllEditions,
    exports: TheExportQueries,
    audit: TheAudit,
    now: Now,
    session_id: Annotated[UUID | None, Query(description="Of this session alone.")] = None,
    bom: Annotated[bool, Query(description="CSV with a byte order mark, as Excel wants.")] = True,
) -> Response:
    """Registrations, scans or the schedule of an edition, as a file.

    Headings are in the language that is asked for; people are named by id. Who took which file
    is in the audit trail.
    """
    edition = await editions.get(edition_id)
    sessions = await exports.sessions(edition_id, session_id)
    if session_id is not None and not sessions:
        raise SessionUnknown
    kind, key = ("edition", edition_id) if session_id is None else ("session", session_id)
    await audit.record_alone(f"{kind}.export_{sheet}", kind, key, now)
    language = current_language()
    rows = exports.rows(sheet, sessions, language)
    headers = {"Content-Disposition": f'attachment; filename="{edition.slug}-{sheet}.{form}"'}
    if form is FileFormat.CSV:
        body = as_csv(sheet, rows, language, bom=bom)
        return StreamingResponse(body, media_type=CSV, headers=headers)
    file = await as_xlsx(sheet, rows, language)
    return StreamingResponse(chunks(file), media_type=XLSX, headers=headers)
