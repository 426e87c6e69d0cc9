"""From an event on the bus to a mail in a mail server."""

from services.notifications.messages.rules import Status
from shared.contracts.registry import (
    PersonContactChanged,
)
from shared.testing.waiting import eventually
from tests.helping.told import documents
from tests.notifications.scene import Scene, a_code, a_person, a_session, a_ticket


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
    assert await stage.service.process.dead_letters.counts() == dict.fromkeys(stage.queues(), 0)


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
