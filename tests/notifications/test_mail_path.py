"""From an event on the bus to a mail in a mail server."""

from collections.abc import Callable
from uuid import UUID

import pytest

from services.notifications.messages.rules import Status
from services.notifications.templates.render import FOLDER
from shared.contracts.applications import CallOpened, EntryDecided, EntrySubmitted
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
    PersonChallenged,
    PersonContactChanged,
)
from shared.ids import new_id
from shared.testing.scenarios import NOON
from shared.testing.waiting import eventually
from shared.text import LANGUAGES, Language, Localized
from tests.helping.told import documents
from tests.notifications.scene import Scene, a_code, a_person, a_session, a_ticket

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
    ids = {"registration_id": new_id(), "session_id": session_id, "person_id": person_id}
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
            + [RegistrationCancelled(**ids, held_place=True, passed_on="transfer")]
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


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_fact_that_the_service_listens_to_becomes_a_mail(
    stage: Scene, language: Language
) -> None:
    person, session = a_person(language), a_session(en="Night of making")
    call_id = new_id()
    title = Localized(vi="Cuộc thi thiết kế không gian", en="A contest of spaces")
    await stage.know(person, session)
    await stage.tell(CallOpened(call_id=call_id, title=title, closes_at=NOON, rules_hash="0f"))
    queues = {s.queue: s for s in stage.service.process.service.subscriptions}
    kinds = [r.event for r in queues["notifications.messages"].reactions.values()]
    told = [
        await stage.tell(fact)
        for kind in kinds
        for fact in about(kind, person.person_id, session.session_id, call_id)
    ]
    codes = queues["notifications.codes"].reactions.values()
    assert [reaction.event for reaction in codes] == [PersonChallenged]
    challenge = a_code(person.email).model_copy(update={"language": language})
    told.append(await stage.tell(challenge))

    made = [await stage.becomes(event_id, Status.SENT) for event_id in told]
    assert {message["template"] for message in made} == {
        file.parent.name for file in FOLDER.glob("*/*.liquid")
    }
    mails = stage.mail.to(person.email)
    assert len(mails) == len(told)
    assert {mail.parsed["Content-Language"] for mail in mails} == {language}
    greeting = "Xin chào" if language == "vi" else "Hello"
    assert all(mail.body("plain").startswith(greeting) for mail in mails)


async def test_a_ticket_comes_by_mail_with_the_trace_it_belongs_to(stage: Scene) -> None:
    person, session = a_person(), a_session()
    await stage.know(person, session)
    event_id = await stage.tell(a_ticket(person, session))
    mail = await stage.mail.one_to(person.email)
    stored = await stage.becomes(event_id, Status.SENT)
    assert mail.to == (person.email,)
    assert mail.sender == "no-reply@creative-city.example"
    assert mail.parsed["Message-ID"] == f"<{stored['_id']}@creative-city.example>"
    assert mail.parsed["X-Trace-ID"] == "0af7651916cd43dd8448eb211c80319c"
    assert stored["correlation_id"] == "tests"
    assert stored["attempts"] == 1


async def test_an_event_that_is_delivered_twice_sends_once(stage: Scene) -> None:
    person, session = a_person(), a_session()
    await stage.know(person, session)
    ticket = a_ticket(person, session)
    event_id = await stage.tell(ticket)
    await stage.tell(ticket, event_id=event_id)
    await stage.becomes(event_id, Status.SENT)
    await stage.tell(ticket, event_id=event_id)
    # The control: under another id the same fact is another event, and sends again.
    await stage.becomes(await stage.tell(ticket), Status.SENT)
    assert len(stage.mail.to(person.email)) == 2
    assert await stage.service.process.letters.counts() == dict.fromkeys(stage.queues(), 0)


async def test_one_that_comes_after_the_inbox_forgot_it_sends_no_second_mail(stage: Scene) -> None:
    person, session = a_person(), a_session()
    await stage.know(person, session)
    ticket = a_ticket(person, session)
    event_id = await stage.tell(ticket)
    first = await stage.becomes(event_id, Status.SENT)
    inbox = stage.mongo.collection("inbox")
    row = {"consumer": "notifications.messages", "event": event_id}
    assert (await inbox.delete_one({"_id": row})).deleted_count == 1
    await stage.tell(ticket, event_id=event_id)
    await stage.found("inbox", row)  # it was handled, and not buried as a failure
    assert await stage.message(event_id) == first
    assert len(stage.mail.to(person.email)) == 1


async def test_one_to_somebody_unknown_yet_waits_until_they_are_known(stage: Scene) -> None:
    person, session = a_person(), a_session()
    event_id = await stage.tell(a_ticket(person, session))
    await stage.know(session)
    assert await stage.message(event_id) is None
    await stage.tell(person)
    await stage.becomes(event_id, Status.SENT)
    assert len(stage.mail.to(person.email)) == 1


async def test_a_changed_address_is_used_and_an_older_one_does_not_come_back(stage: Scene) -> None:
    person, session = a_person(), a_session()
    await stage.know(person, session)
    moved = PersonContactChanged(
        **person.model_dump(exclude={"type", "email"}), email=f"moi-{person.email}"
    )
    await stage.tell(moved, sequence=3)
    older = await stage.tell(moved.model_copy(update={"email": person.email}), sequence=2)
    await stage.found("inbox", {"consumer": "notifications.recipients", "event": older})
    await stage.becomes(await stage.tell(a_ticket(person, session)), Status.SENT)
    assert len(stage.mail.to(moved.email)) == 1
    assert stage.mail.to(person.email) == []


async def test_a_server_that_is_away_is_tried_again(stage: Scene) -> None:
    await stage.mail.stop()
    person = a_person()
    event_id = await stage.tell(a_code(person.email))

    async def tried() -> bool:
        message = await stage.message(event_id)
        return message is not None and message["attempts"] >= 3

    await eventually(tried, "three tries in vain")
    await stage.mail.start()
    sent = await stage.becomes(event_id, Status.SENT)
    assert sent["error"] is None
    assert len(stage.mail.to(person.email)) == 1


async def test_a_mail_refused_for_now_goes_out_later_and_one_refused_for_good_does_not(
    stage: Scene,
) -> None:
    busy, gone = a_person(), a_person()
    stage.mail.to_rcpt[busy.email].extend(["450 4.2.1 mailbox busy", "451 4.3.0 try later"])
    stage.mail.to_rcpt[gone.email].append("550 5.1.1 nobody here")
    to_busy, to_gone = await stage.tell(a_code(busy.email)), await stage.tell(a_code(gone.email))
    failed = await stage.becomes(to_gone, Status.FAILED)
    sent = await stage.becomes(to_busy, Status.SENT)
    assert (failed["attempts"], failed["error"]) == (1, "SMTP 550")
    assert sent["attempts"] == 3
    assert len(stage.mail.to(busy.email)) == 1
    assert stage.mail.to(gone.email) == []  # our server takes a second try, so there was none


async def test_an_answer_that_is_lost_makes_a_second_copy_under_the_same_message_id(
    stage: Scene,
) -> None:
    person = a_person()
    stage.mail.to_data[person.email].append("250 OK (lost)")
    await stage.becomes(await stage.tell(a_code(person.email)), Status.SENT)
    first, second = stage.mail.to(person.email)
    assert first.parsed["Message-ID"] == second.parsed["Message-ID"]


async def test_a_hostile_name_brings_the_mail_to_nobody_else(stage: Scene) -> None:
    name = 'Đỗ", evil@x.example, "\r\nBcc: evil@y.example\r\n\r\n' + "=?utf-8?q?a=40b=2C?=" * 3
    person, session = a_person(name=name), a_session()
    await stage.know(person, session)
    await stage.becomes(await stage.tell(a_ticket(person, session)), Status.SENT)
    mail = await stage.mail.one_to(person.email)
    assert mail.to == (person.email,)
    assert [a.addr_spec for a in mail.parsed["To"].addresses] == [person.email]
    assert mail.parsed["Bcc"] is None


async def test_code_and_ticket_are_gone_once_the_message_is_out(stage: Scene) -> None:
    person, session = a_person(), a_session()
    secrets = {"code": "705518", "ticket": "vé-mật-của-riêng-Ánh"}
    await stage.know(person, session)
    with stage.mail.holding():
        told = [
            await stage.tell(a_code(person.email, secrets["code"])),
            await stage.tell(a_ticket(person, session, secrets["ticket"])),
        ]
        for event_id, (name, secret) in zip(told, secrets.items(), strict=True):
            # The control: while it waits it must still be there, or it could not be sent.
            waiting = await stage.becomes(event_id, Status.SENDING)
            assert waiting["data"][name] == secret
    for event_id in told:
        assert (await stage.becomes(event_id, Status.SENT))["data"].keys().isdisjoint(secrets)
    everything = str(await documents(stage.mongo))
    assert person.email in everything
    assert not [secret for secret in secrets.values() if secret in everything]


async def test_a_notice_is_read_as_it_was_written_in_the_readers_language_if_it_can(
    stage: Scene,
) -> None:
    person = a_person("en")
    await stage.know(person)
    english = await stage.tell(a_notice(person.person_id, en="Rain"))
    plain = await stage.tell(a_notice(person.person_id))
    for event_id in (english, plain):
        await stage.becomes(event_id, Status.SENT)
    texts = [mail.body("plain") for mail in stage.mail.to(person.email)]
    assert any("Please come to door 2." in text for text in texts)
    assert any("{{ code }} <b>Đừng quên ô</b>" in text for text in texts), "plain text, as given"
