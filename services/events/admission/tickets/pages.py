"""A ticket as people see it: on paper and on a phone."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response

from services.events.admission.tickets.rules import short_number
from services.events.booking.registrations.state import Registration, Status
from services.events.printing import qr_code as qr
from services.events.printing import wording as words
from services.events.printing.pages import Markup, StandalonePage
from services.events.programme.sessions.rules import Session
from services.events.programme.venues.state import Place
from shared.text import Language, Localized

PASS = StandalonePage(Path(__file__).with_name("pass.html"))
HOUSE: dict[Language, str] = {
    "vi": "Hà Nội – Thành phố Sáng tạo",
    "en": "Hanoi – Creative City",
}
LABELS: dict[Language, dict[str, str]] = {
    "vi": {
        "when_label": "Thời gian",
        "where_label": "Địa điểm",
        "kind_label": "Loại vé",
        "size_label": "Số người",
        "note": "Đưa mã này cho nhân viên ở cổng. Trang này xem được cả khi không có mạng. "
        "Ai có liên kết này thì có vé: đừng chia sẻ.",
        "alt": "Mã QR của vé",
    },
    "en": {
        "when_label": "When",
        "where_label": "Where",
        "kind_label": "Ticket",
        "size_label": "Admits",
        "note": "Show this code at the gate. The page works without a connection. "
        "Whoever has this link has the ticket: do not share it.",
        "alt": "The ticket's QR code",
    },
}
CANCELLED: dict[Language, str] = {
    "vi": "Vé này đã huỷ.",
    "en": "This ticket was cancelled.",
}
BLOCKED: dict[Language, str] = {
    "vi": "Vé này đã bị khoá. Mời bạn đến quầy hỗ trợ.",
    "en": "This ticket is blocked. Please come to the help desk.",
}
NOT_YET: dict[Language, str] = {
    "vi": "Chưa có vé: đăng ký này chưa được xác nhận.",
    "en": "No ticket yet: this registration is not confirmed.",
}


class TicketSession(NamedTuple):
    """What a ticket is for."""

    title: Localized
    times: tuple[tuple[datetime, datetime], ...]  # a course has several
    place: Place

    @classmethod
    def of(cls, sessions: Sequence[Session]) -> "TicketSession":
        """One session, or those of a course in order of time."""
        times = tuple((one.facts.starts_at, one.facts.ends_at) for one in sessions)
        return cls(sessions[0].title, times, sessions[0].place)


def printed(
    one: Registration, what: TicketSession, token: str, language: Language
) -> dict[str, object]:
    """What tickets/ticket.typ prints."""
    return {
        **_facts(one, what, language),
        "when": _times(what, language),
        "size": one.size,
        "number": short_number(one.id),
        "qr": qr.svg(token),
    }


def shown(one: Registration, what: TicketSession, token: str, language: Language) -> Response:
    """The pass: the code while it lets its holder in, else why it does not."""
    values = _facts(one, what, language) | LABELS[language]
    when = Markup("<br>".join(escape(time) for time in _times(what, language)))
    values |= {"house": HOUSE[language], "size": str(one.size), "when": when}
    return PASS.show(language, values | {"code": _code(one, token, language)})


def _facts(one: Registration, what: TicketSession, language: Language) -> dict[str, str]:
    return {
        "title": what.title.in_(language),
        "venue": what.place.in_(language),
        "address": what.place.address,
        "kind": words.KINDS[language][one.kind],
    }


def _times(what: TicketSession, language: Language) -> list[str]:
    return [words.span(starts, ends, language) for starts, ends in what.times]


def _code(one: Registration, token: str, language: Language) -> Markup:
    if one.status is Status.CANCELLED:
        return _state(CANCELLED[language])
    if one.status is not Status.CONFIRMED:
        return _state(NOT_YET[language])
    if one.blocked_at is not None:
        return _state(BLOCKED[language])
    picture = qr.svg(token, title=LABELS[language]["alt"])
    return Markup(f'{picture}<p class="number">{short_number(one.id)}</p>')


def _state(text: str) -> Markup:
    return Markup(f'<p class="state">{text}</p>')
