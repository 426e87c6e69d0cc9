"""The page behind the link in a letter: both languages at once, nothing loaded, nothing runs."""

import html
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

from services.events.forum.rsvp.views import GuestView
from shared.clock import local
from shared.errors import DomainError
from shared.text import Localized

LETTER = Template((Path(__file__).parent / "letter.html").read_text(encoding="utf-8"))
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
STATUSES = {
    "accepted": ("Bạn đã nhận lời.", "You have accepted."),
    "declined": ("Bạn đã từ chối.", "You have declined."),
    "tentative": ("Bạn chưa chắc chắn.", "You are not sure yet."),
}

OFF = "Phiên này đã bị huỷ · This session is cancelled"


def letter(view: GuestView) -> HTMLResponse:
    occasion, said = view.occasion, view.said
    when = where = ""
    if occasion.starts_at and occasion.venue:
        when = f"{local(occasion.starts_at):%H:%M, %d/%m/%Y}"
        room = f", {_both(occasion.room)}" if occasion.room else ""
        where = f"{_both(occasion.venue)}{room}, {occasion.address}"
    state = STATUSES.get(view.status, ("", ""))
    values = {
        "title": _both(occasion.title),
        "when": when,
        "where": where,
        "called_off": f"{OFF}: {_both(occasion.cancelled)}" if occasion.cancelled else "",
        "answer_by": f"{local(view.answer_by):%H:%M, %d/%m/%Y}",
        "state": " · ".join(filter(None, state)),
        "name": (said and said.name) or "",
        "companions": "\n".join(said.companions) if said else "",
        "most": str(view.companions),
        **{
            f"is_{reply}": "checked" if said and said.reply == reply else ""
            for reply in ("yes", "no", "maybe")
        },
    }
    return _page(values)


def refused(error: DomainError) -> HTMLResponse:
    """What went wrong, in both languages."""
    said = html.escape(f"{error.title('vi')} · {error.title('en')}")
    text = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>…</title><p>{said}</p>'
    return HTMLResponse(text, error.status, HEADERS)


def _page(values: dict[str, str]) -> HTMLResponse:
    escaped = {name: html.escape(value) for name, value in values.items()}
    return HTMLResponse(LETTER.substitute(escaped), 200, HEADERS)


def _both(text: Localized) -> str:
    return f"{text.vi} · {text.en}" if text.en else text.vi
