"""What the mail server says, and what it means for a message."""

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr

from services.notifications.email.smtp import MailSender
from services.notifications.messages.rules import Status
from services.notifications.settings import Settings
from shared.clock import now
from shared.testing.faults import Proxy
from shared.testing.ports import free_ports
from tests.notifications.scene import a_message
from tests.notifications.servers import MailServer

TO = a_message().to


def sender(mail: MailServer, **changes: Any) -> MailSender:
    return MailSender(Settings(smtp_port=mail.port, **changes), now)


@pytest.mark.parametrize("code", ["421", "450", "451", "452"])
async def test_refused_for_now_it_waits(mail: MailServer, code: str) -> None:
    mail.to_rcpt[TO].append(f"{code} not now")
    outcome = await sender(mail).send(a_message())
    assert (outcome.status, outcome.error) == (Status.QUEUED, f"SMTP {code}")
    assert outcome.data["ticket"] == a_message().data["ticket"]


@pytest.mark.parametrize("code", ["550", "551", "553", "555"])
async def test_refused_for_good_it_has_failed(mail: MailServer, code: str) -> None:
    mail.to_rcpt[TO].append(f"{code} never")
    outcome = await sender(mail).send(a_message())
    assert (outcome.status, outcome.error) == (Status.FAILED, f"SMTP {code}")


@pytest.mark.parametrize(
    ("answer", "status"), [("452 full", Status.QUEUED), ("554 spam", Status.FAILED)]
)
async def test_what_is_said_to_the_content_counts_the_same(
    mail: MailServer, answer: str, status: Status
) -> None:
    mail.to_data[TO].append(answer)
    assert (await sender(mail).send(a_message())).status is status
    assert mail.mails == []


async def test_a_wrong_password_is_no_message_s_fault(mail: MailServer) -> None:
    mail.password = b"right"
    fields: dict[str, Any] = {"smtp_username": "creative"}
    refused = await sender(mail, **fields, smtp_password=SecretStr("wrong")).send(a_message())
    assert (refused.status, refused.error) == (Status.QUEUED, "SMTP 535")
    right = await sender(mail, **fields, smtp_password=SecretStr("right")).send(a_message())
    assert right.status is Status.SENT


async def test_a_server_that_wants_nobody_is_no_message_s_fault() -> None:
    async def turn_away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 5.3.2 no service here\r\n")
        await reader.read()
        writer.close()

    (port,) = free_ports(1)
    server = await asyncio.start_server(turn_away, "127.0.0.1", port)
    async with server:
        outcome = await MailSender(Settings(smtp_port=port), now).send(a_message())
    assert (outcome.status, outcome.error) == (Status.QUEUED, "SMTP 554")


async def test_nobody_there_it_waits() -> None:
    (port,) = free_ports(1)
    outcome = await MailSender(Settings(smtp_port=port), now).send(a_message())
    assert (outcome.status, outcome.error) == (Status.QUEUED, "SMTPConnectError")


async def test_a_server_that_says_nothing_is_not_waited_for_without_end(mail: MailServer) -> None:
    line = await Proxy("127.0.0.1", mail.port).start()
    line.down.hold()
    settings = Settings(smtp_port=line.port, mail_timeout=0.3)
    outcome = await MailSender(settings, now).send(a_message())
    assert outcome.status is Status.QUEUED
    await line.stop()


async def test_a_goodbye_that_fails_does_not_send_the_mail_again(mail: MailServer) -> None:
    mail.to_data[TO].append("250 OK (hang up)")
    outcome = await sender(mail).send(a_message())
    assert outcome.status is Status.SENT
    assert len(mail.mails) == 1


async def test_an_answer_that_is_lost_leaves_it_to_be_sent_again(mail: MailServer) -> None:
    mail.to_data[TO].append("250 OK (lost)")
    outcome = await sender(mail).send(a_message())
    assert (outcome.status, outcome.error) == (Status.QUEUED, "SMTPServerDisconnected")
    assert len(mail.mails) == 1  # which is why the Message-ID must not change


async def test_an_address_beyond_ascii_is_written_as_it_is(mail: MailServer) -> None:
    to = "đặng.ánh@hanoi.example"
    outcome = await sender(mail).send(a_message(to=to))
    assert outcome.status is Status.SENT
    assert mail.mails[0].to == (to,)
