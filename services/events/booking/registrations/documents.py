"""A registration as it is stored."""

from typing import Any
from uuid import UUID

from services.events.booking.registrations.state import (
    Answers,
    Ending,
    Override,
    Registration,
    Status,
    TransferCode,
)
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.mongo import Document


def claim(session_id: UUID, person_id: UUID) -> bytes:
    return session_id.bytes + person_id.bytes


def as_document(one: Registration) -> Document:
    document: dict[str, Any] = {
        "_id": one.id,
        "session_id": one.session_id,
        "person_id": one.person_id,
        "status": one.status.value,
        "asked_at": one.asked_at,
        "kind": one.kind.value,
        "size": one.size,
        "pools": list(one.pools),
        "priority": one.priority,
        "number": one.number,
        "expires_at": one.expires_at,
        "confirmed_at": one.confirmed_at,
        "admitted_at": one.admitted_at,
        "blocked_at": one.blocked_at,
        "ended_at": one.ended_at,
        "ended_by": one.ended_by and one.ended_by.value,
        "override": _reason(one.override),
        "amount": one.amount,
        "paid": one.paid,
        "version": one.version,
    }
    if one.preference is not None:
        document["preference"] = _reason(one.preference)
    for name, answers in (("answers", one.answers), ("follow_up", one.follow_up)):
        if answers is not None:
            document[name] = answers._asdict()
    if one.wish_id is not None:
        document["wish_id"] = one.wish_id
    if one.carried:
        document["carried"] = one.carried
    if one.reference is not None:
        document["reference"] = one.reference
    if one.due_back:
        document["due_back"] = one.due_back
    if one.live:
        document["claim"] = claim(one.session_id, one.person_id)
        # Whoever ends a registration, and however: these end with it.
        if one.company:
            document["company"] = list(one.company)
        if one.transfer is not None:
            document["transfer"] = one.transfer._asdict()
    return document


def _reason(one: Override | None) -> Document | None:
    return None if one is None else one._asdict()


def _override(row: Document | None) -> Override | None:
    return None if row is None else Override(**row)


def as_registration(row: Document) -> Registration:
    return Registration(
        id=row["_id"],
        session_id=row["session_id"],
        person_id=row["person_id"],
        status=Status(row["status"]),
        asked_at=row["asked_at"],
        kind=TicketKind(row["kind"]),
        size=row["size"],
        pools=tuple(row["pools"]),
        priority=row["priority"],
        number=row["number"],
        expires_at=row["expires_at"],
        confirmed_at=row["confirmed_at"],
        admitted_at=row["admitted_at"],
        blocked_at=row["blocked_at"],
        ended_at=row["ended_at"],
        ended_by=Ending(row["ended_by"]) if row["ended_by"] else None,
        override=_override(row["override"]),
        preference=_override(row.get("preference")),
        company=tuple(row.get("company", ())),
        transfer=TransferCode(**row["transfer"]) if "transfer" in row else None,
        wish_id=row.get("wish_id"),
        answers=Answers(**row["answers"]) if "answers" in row else None,
        follow_up=Answers(**row["follow_up"]) if "follow_up" in row else None,
        amount=row.get("amount", 0),
        paid=row.get("paid", 0),
        carried=row.get("carried", 0),
        reference=row.get("reference"),
        version=row["version"],
    )
