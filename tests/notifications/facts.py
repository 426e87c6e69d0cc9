"""Facts that concern somebody, in all the shapes that they come in."""

from collections.abc import Callable
from uuid import UUID

from shared.contracts.applications import EntryDecided, EntrySubmitted
from shared.contracts.base import Event
from shared.contracts.events import (
    CalledOff,
    CertificateIssued,
    CertificateRevoked,
    ChangedSession,
    ChangeNoticeIssued,
    NoticeIssued,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationInvoiced,
    RegistrationOffered,
    RegistrationWaitlisted,
    SessionSlot,
)
from shared.contracts.registry import (
    DesignerApproved,
    DesignerReturned,
    DesignerSubmitted,
)
from shared.ids import new_id
from shared.testing.scenarios import NOON
from shared.text import Localized

HERE, THERE = (
    SessionSlot(starts_at=NOON, ends_at=NOON, venue=Localized(vi=venue), address="1 Tràng Tiền")
    for venue in ("Nhà hát Lớn", "Bốt Hàng Đậu")
)
OUTCOMES = ("awarded", "not_awarded")


def changed(before: SessionSlot | None, after: SessionSlot | None) -> ChangedSession:
    return ChangedSession(
        session_id=new_id(),
        revision=2,
        role="holder",
        title=Localized(vi="Kể chuyện bằng ánh sáng"),
        before=before,
        after=after,
    )


def a_notice(person_id: UUID, en: str | None = None) -> NoticeIssued:
    return NoticeIssued(
        notice_id=new_id(),
        person_id=person_id,
        edition_id=new_id(),
        title=Localized(vi="Trời mưa", en=en),
        text_vi="Mời vào cửa số 2.\n{{ code }} <b>Đừng quên ô</b>",
        text_en=en and "Please come to door 2.",
    )


def about(kind: type[Event], person_id: UUID, session_id: UUID, call_id: UUID) -> list[Event]:
    """The facts of one kind that concern this person, in all their shapes."""
    ids = {
        "registration_id": new_id(),
        "bookable_id": session_id,
        "bookable_kind": "session",
        "person_id": person_id,
    }
    entry = {"entry_id": new_id(), "call_id": call_id, "person_id": person_id}
    certificate = {
        "certificate_id": new_id(), "number": "HN-2026-000123-3", "course_id": session_id,
        "person_id": person_id,
    }  # fmt: skip
    shapes: dict[type[Event], Callable[[], list[Event]]] = {
        RegistrationConfirmed: lambda: [
            RegistrationConfirmed(**ids, ticket="vé", promoted=yes) for yes in (True, False)
        ],
        RegistrationWaitlisted: lambda: [RegistrationWaitlisted(**ids, number=3)],
        RegistrationOffered: lambda: [RegistrationOffered(**ids, expires_at=NOON)],
        RegistrationInvoiced: lambda: [
            RegistrationInvoiced(**ids, amount=20_000, reference="HN", expires_at=NOON)
        ],
        RegistrationCancelled: lambda: (
            [
                RegistrationCancelled(**ids, held_place=yes, ended_by=by, due_back=paid)
                for yes in (True, False)
                for by in ("holder", "staff", "expiry")
                for paid in (0, 20_000)
            ]
            + [
                RegistrationCancelled(
                    **ids,
                    held_place=yes,
                    ended_by="staff",
                    called_off=CalledOff(reason=Localized(vi="Bão số 12"), revision=2),
                    due_back=paid,
                )
                for yes in (True, False)
                for paid in (0, 20_000)
            ]
            + [
                RegistrationCancelled(**ids, held_place=yes, passed_on="transfer", due_back=paid)
                for yes, paid in ((True, 0), (True, 20_000), (False, 20_000))
            ]
        ),
        ChangeNoticeIssued: lambda: [
            ChangeNoticeIssued(
                change_notice_id=new_id(),
                person_id=person_id,
                edition_id=new_id(),
                release=2,
                sessions=[changed(before, after)] * times,
            )
            for before, after in ((HERE, THERE), (None, HERE), (HERE, None))
            for times in (1, 2)
        ],
        CertificateIssued: lambda: [
            CertificateIssued(**certificate, registration_id=new_id(), issued_at=NOON)
        ],
        CertificateRevoked: lambda: [CertificateRevoked(**certificate, revoked_at=NOON)],
        NoticeIssued: lambda: [a_notice(person_id), a_notice(person_id, en="Rain")],
        DesignerSubmitted: lambda: [DesignerSubmitted(designer_id=person_id)],
        DesignerApproved: lambda: [DesignerApproved(designer_id=person_id, disciplines=("gốm",))],
        DesignerReturned: lambda: [DesignerReturned(designer_id=person_id)],
        EntrySubmitted: lambda: [EntrySubmitted(**entry, receipt="9f86d081")],
        EntryDecided: lambda: [EntryDecided(**entry, outcome=outcome) for outcome in OUTCOMES],
    }
    return shapes[kind]()
