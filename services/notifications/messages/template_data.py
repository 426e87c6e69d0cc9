"""The data for templates about sessions, courses and calls, in the reader's language."""

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
    """The calendar entry for what `session_change_data` returned (see email/icalendar_file.py)."""
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
    bookable: Bookable, data: Mapping[str, Any], cancelled_revision: int | None
) -> dict[str, Any]:
    """The calendar entry for what `bookable_data` returned (see email/icalendar_file.py)."""
    return {
        "session_id": str(bookable.id),
        "revision": bookable.revision if cancelled_revision is None else cancelled_revision,
        "title": data["title"],
        "starts_at": data["starts_at"],
        "ends_at": data["ends_at"],
        "place": f"{data['venue']}, {data['address']}",
        "cancelled": cancelled_revision is not None,
    }
