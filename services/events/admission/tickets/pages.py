"""A ticket as people see it: on paper and on a phone."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from starlette.responses import Response

from services.events.admission.tickets.rules import short_number
from services.events.booking.registrations.state import Registration, Status
from services.events.printing import dates
from services.events.printing.pages import StandalonePage
from services.events.programme.sessions.rules import Session
from services.events.programme.ticket_kinds.views import NAMES
from services.events.programme.venues.state import Place
from shared import qr_code
from shared.text import Language, Localized

PASS = StandalonePage("admission/tickets/pass.html")
LABELS: dict[Language, dict[str, str]] = {
    "vi": {
        "when": "Thời gian",
        "where": "Địa điểm",
        "kind": "Loại vé",
        "size": "Số người",
        "note": "Đưa mã này cho nhân viên soát vé. Trang này xem được cả khi không có mạng. "
        "Ai có liên kết này thì dùng được vé: đừng chia sẻ.",
        "alt": "Mã QR của vé",
    },
    "en": {
        "when": "When",
        "where": "Where",
        "kind": "Ticket",
        "size": "Admits",
        "note": "Show this code at the gate. This page works without a connection. "
        "Anybody who has this link can use the ticket: do not share it.",
        "alt": "The ticket's QR code",
    },
}
CANCELLED: dict[Language, str] = {
    "vi": "Vé này đã bị huỷ.",
    "en": "This ticket is cancelled.",
}
BLOCKED: dict[Language, str] = {
    "vi": "Vé này đã bị khoá. Mời bạn đến quầy hỗ trợ.",
    "en": "This ticket is blocked. Please come to the help desk.",
}
NOT_YET: dict[Language, str] = {
    "vi": "Chưa có vé: đăng ký này chưa được xác nhận.",
    "en": "There is no ticket yet: this registration is not confirmed.",
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
    return _facts(one, what, language) | {"qr": qr_code.svg(token)}


def shown(one: Registration, what: TicketSession, token: str, language: Language) -> Response:
    """The pass: the code while it lets its holder in, else why it does not."""
    says, no_code = LABELS[language], _no_code(one, language)
    code = None if no_code else qr_code.svg(token, title=says["alt"])
    values = {"says": says, "code": code, "no_code": no_code}
    return PASS.show(language, values | _facts(one, what, language))


def _facts(one: Registration, what: TicketSession, language: Language) -> dict[str, object]:
    return {
        "title": what.title.in_(language),
        "when": [dates.span(starts, ends, language) for starts, ends in what.times],
        "venue": what.place.in_(language),
        "address": what.place.address,
        "kind": NAMES[language][one.kind],
        "size": one.size,
        "number": short_number(one.id),
    }


def _no_code(one: Registration, language: Language) -> str | None:
    """Why the pass shows no code; None if it shows one."""
    if one.status is Status.CANCELLED:
        return CANCELLED[language]
    if one.status is not Status.CONFIRMED:
        return NOT_YET[language]
    if one.blocked_at is not None:
        return BLOCKED[language]
    return None
