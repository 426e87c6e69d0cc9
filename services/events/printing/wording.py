"""What papers and pages say, in the reader's language."""

from datetime import datetime

from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import local
from shared.text import Language

DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

KINDS: dict[Language, dict[TicketKind, str]] = {
    "vi": {
        TicketKind.GENERAL: "Vé thường",
        TicketKind.INVITED: "Khách mời",
        TicketKind.PRESS: "Báo chí",
        TicketKind.WHEELCHAIR: "Xe lăn",
        TicketKind.CHILD: "Trẻ em",
    },
    "en": {
        TicketKind.GENERAL: "General",
        TicketKind.INVITED: "Invited guest",
        TicketKind.PRESS: "Press",
        TicketKind.WHEELCHAIR: "Wheelchair",
        TicketKind.CHILD: "Child",
    },
}


def day(moment: datetime, language: Language) -> str:
    """`Thứ Bảy, 14/11/2026` or `Saturday, 14 November 2026`, in Hanoi."""
    at = local(moment)
    if language == "vi":
        return f"{DAYS[at.weekday()]}, {at:%d/%m/%Y}"
    return f"{DAYS_EN[at.weekday()]}, {at.day} {MONTHS_EN[at.month - 1]} {at.year}"


def date(moment: datetime, language: Language) -> str:
    """`14/11/2026` or `14 November 2026`, in Hanoi."""
    return f"{local(moment):%d/%m/%Y}" if language == "vi" else day(moment, "en").split(", ")[1]


def span(starts: datetime, ends: datetime, language: Language) -> str:
    """From when to when; the second day only if it is another."""
    first, last = local(starts), local(ends)
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M}, {day(starts, language)}"
    return f"{first:%H:%M}, {day(starts, language)} – {last:%H:%M}, {day(ends, language)}"
