"""What a template is told of the things a message is about, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from services.notifications.bookables.store import Bookable
from services.notifications.messages.rules import template_values
from services.notifications.recipients.store import Recipient
from shared.contracts.events import ChangedSession, SessionSlot
from shared.text import venue_and_room


def bookable_data(bookable: Bookable, to: Recipient) -> dict[str, Any]:
    return dict(
        template_values(
            title=bookable.title.in_(to.language),
            starts_at=bookable.starts_at,
            ends_at=bookable.ends_at,
            venue=bookable.venue and venue_and_room(bookable.venue, bookable.room, to.language),
            address=bookable.address,
            mode=bookable.mode,
        )
    )


def session_change_data(session: ChangedSession, to: Recipient) -> dict[str, Any]:
    return {
        "session_id": str(session.session_id),
        "revision": session.revision,
        "role": session.role,
        "title": session.title.in_(to.language),
        "before": session.before and _slot(session.before, to),
        "after": session.after and _slot(session.after, to),
    }


def _slot(slot: SessionSlot, to: Recipient) -> dict[str, Any]:
    where = venue_and_room(slot.venue, slot.room, to.language)
    return slot.model_dump(exclude={"room"}) | {"venue": where}


def calendar_entry_of_change(session: Mapping[str, Any]) -> dict[str, Any]:
    """What `session_change_data` made, as email/calendar.py writes it."""
    slot = session["after"] or session["before"]
    return {
        "session_id": session["session_id"],
        "revision": session["revision"],
        "title": session["title"],
        "starts_at": slot["starts_at"],
        "ends_at": slot["ends_at"],
        "place": f"{slot['venue']}, {slot['address']}",
        "cancelled": session["after"] is None,
    }


def calendar_entry(
    bookable: Bookable, known: Mapping[str, Any], struck_out: int | None
) -> dict[str, Any]:
    """What `bookable_data` made of a session, as email/calendar.py writes it."""
    return {
        "session_id": str(bookable.id),
        "revision": bookable.revision if struck_out is None else struck_out,
        "title": known["title"],
        "starts_at": known["starts_at"],
        "ends_at": known["ends_at"],
        "place": f"{known['venue']}, {known['address']}",
        "cancelled": struck_out is not None,
    }
