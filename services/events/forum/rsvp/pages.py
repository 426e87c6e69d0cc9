"""The page behind the link in an invitation, in both languages at once."""

from starlette.responses import Response

from services.events.forum.invitations.rules import Reply
from services.events.forum.rsvp.views import GuestView
from services.events.printing.pages import StandalonePage
from shared.clock import local
from shared.errors import DomainError
from shared.text import Localized

LETTER = StandalonePage("forum/rsvp/letter.html", form=True)
REFUSED = StandalonePage("forum/rsvp/refused.html")
HEADERS = {"Cache-Control": "no-store", "Content-Language": "vi, en", "Vary": "Accept"}
REPLIES = (
    (Reply.YES, "Có · Yes"),
    (Reply.NO, "Không · No"),
    (Reply.MAYBE, "Chưa chắc · Maybe"),
)
STATES = {
    "accepted": "Bạn đã nhận lời. · You have accepted.",
    "declined": "Bạn đã từ chối. · You have declined.",
    "tentative": "Bạn chưa chắc chắn. · You are not sure yet.",
}
CANCELLED = "Buổi này đã bị huỷ · This session is cancelled"


def letter(view: GuestView) -> Response:
    occasion, said = view.occasion, view.said
    when = where = ""
    if occasion.starts_at and occasion.venue:
        when = f"{local(occasion.starts_at):%H:%M, %d/%m/%Y}"
        room = f", {_both(occasion.room)}" if occasion.room else ""
        where = f"{_both(occasion.venue)}{room}, {occasion.address}"
    values = {
        "title": _both(occasion.title),
        "when": when,
        "where": where,
        "cancelled": occasion.cancelled and f"{CANCELLED}: {_both(occasion.cancelled)}",
        "answer_by": f"{local(view.answer_by):%H:%M, %d/%m/%Y}",
        "state": STATES.get(view.status),
        "replies": REPLIES,
        "reply": said and said.reply,
        "name": (said and said.name) or "",
        "companions": "\n".join(said.companions) if said else "",
        "most": view.companions,
    }
    return LETTER.show("vi", values, headers=HEADERS)


def refused(error: DomainError) -> Response:
    """What went wrong, in both languages."""
    reason = f"{error.title('vi')} · {error.title('en')}"
    return REFUSED.show("vi", {"reason": reason}, status=error.status, headers=HEADERS)


def _both(text: Localized) -> str:
    return f"{text.vi} · {text.en}" if text.en else text.vi
