"""The schedule as a page that another site shows in a frame."""

from typing import Any

from starlette.responses import Response

from services.events.printing import dates
from services.events.printing.pages import StandalonePage
from services.events.programme.sessions.rules import Session
from services.events.scheduling.schedule_export.rules import ExportedSchedule
from shared.clock import local
from shared.text import Language

WIDGET = StandalonePage("scheduling/schedule_export/widget.html", framed=True)
EMPTY: dict[Language, str] = {
    "vi": "Lịch chưa được công bố.",
    "en": "The schedule has not been published yet.",
}


def widget(programme: ExportedSchedule, language: Language) -> Response:
    days = [
        {
            "title": dates.full(day, language),
            "sessions": [_row(programme, one, language) for one in sessions],
        }
        for day, sessions in programme.days()
    ]
    title = programme.edition.facts.name.in_(language)
    return WIDGET.show(language, {"title": title, "days": days, "empty": EMPTY[language]})


def _row(programme: ExportedSchedule, session: Session, language: Language) -> dict[str, Any]:
    starts, ends = local(session.facts.starts_at), local(session.facts.ends_at)
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%H:%M %d/%m}"
    strand = programme.strand(session)
    return {
        "id": session.id,
        "starts_at": starts.isoformat(),
        "time": f"{starts:%H:%M}–{until}",
        "title": session.title.in_(language),
        "place": session.place.in_(language),
        "strand": strand and strand.facts.name.in_(language),
    }
