"""What a template is told of the things a message is about, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from services.notifications.bookables.store import Bookable
from services.notifications.messages.rules import facts
from services.notifications.recipients.store import Recipient
from shared.contracts.events import ChangedSession, SessionSlot
from shared.text import within


def named(occasion: Bookable, to: Recipient) -> dict[str, Any]:
    return dict(
        facts(
            title=occasion.title.in_(to.language),
            starts_at=occasion.starts_at,
            ends_at=occasion.ends_at,
            venue=occasion.venue and within(occasion.venue, occasion.room, to.language),
            address=occasion.address,
            mode=occasion.mode,
        )
    )


def changed(session: ChangedSession, to: Recipient) -> dict[str, Any]:
    return {
        "session_id": str(session.session_id),
        "revision": session.revision,
        "role": session.role,
        "title": session.title.in_(to.language),
        "before": session.before and _slot(session.before, to),
        "after": session.after and _slot(session.after, to),
    }


def _slot(slot: SessionSlot, to: Recipient) -> dict[str, Any]:
    where = within(slot.venue, slot.room, to.language)
    return slot.model_dump(exclude={"room"}) | {"venue": where}


def entry(session: Mapping[str, Any]) -> dict[str, Any]:
    """What `changed` made, as email/calendar.py writes it."""
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


def entry_of(
    occasion: Bookable, known: Mapping[str, Any], struck_out: int | None
) -> dict[str, Any]:
    """What `named` made of a session, as email/calendar.py writes it."""
    return {
        "session_id": str(occasion.id),
        "revision": occasion.revision if struck_out is None else struck_out,
        "title": known["title"],
        "starts_at": known["starts_at"],
        "ends_at": known["ends_at"],
        "place": f"{known['venue']}, {known['address']}",
        "cancelled": struck_out is not None,
    }
