"""The schedule as a page that another site shows in a frame."""

import html
from pathlib import Path

from starlette.responses import Response

from services.events.printing.pages import Markup, StandalonePage
from services.events.programme.sessions.rules import Session
from services.events.scheduling.schedule_export.rules import ExportedSchedule
from shared.clock import local
from shared.text import Language

WIDGET = StandalonePage(Path(__file__).with_name("widget.html"), framed=True)
DAYS: dict[Language, tuple[str, ...]] = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
EMPTY: dict[Language, str] = {
    "vi": "Lịch chưa được công bố.",
    "en": "The schedule has not been published yet.",
}


def widget(programme: ExportedSchedule, language: Language) -> Response:
    parts = []
    for day, sessions in programme.days():
        title = f"{DAYS[language][day.weekday()]} {day.day}/{day.month}/{day.year}"
        parts.append(f"<section><h2>{title}</h2><ol>")
        parts += [_row(programme, one, language) for one in sessions]
        parts.append("</ol></section>")
    name = programme.edition.facts.name.in_(language)
    content = "".join(parts) or f"<p>{EMPTY[language]}</p>"
    return WIDGET.show(language, {"title": name, "content": Markup(content)})


def _row(programme: ExportedSchedule, session: Session, language: Language) -> str:
    starts, ends = local(session.facts.starts_at), local(session.facts.ends_at)
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%H:%M %d/%m}"
    strand = programme.strand(session)
    mark = f"<p><small>{html.escape(strand.facts.name.in_(language))}</small></p>" if strand else ""
    return (
        f'<li id="s-{session.id}">'
        f'<time datetime="{starts.isoformat()}">{starts:%H:%M}–{until}</time>'
        f"<div><h3>{html.escape(session.title.in_(language))}</h3>"
        f"<p>{html.escape(session.place.in_(language))}</p>"
        f"{mark}</div></li>"
    )
