"""Handing an SMS to the gateway: what is said, what is answered, and what that means."""

import pytest
import smpp34

from services.notifications.messages.rules import Status
from services.notifications.messages.store import Messages
from tests.notifications.linking import NUMBER, a_link, an_sms, linked
from tests.notifications.scene import a_message
from tests.notifications.servers import Smsc


async def test_every_part_says_who_to_whom_and_how(smsc: Smsc, messages: Messages) -> None:
    link = a_link(smsc, messages)
    async with linked(link):
        outcome = await link.send(an_sms())
    assert outcome.status is Status.ACCEPTED
    assert len(outcome.parts) == len(smsc.parts) == 2
    assert [part.key for part in outcome.parts] == ["51a7", "51a8"]
    for part in smsc.parts:
        assert (part.source_addr, part.source_addr_ton) == ("HNSANGTAO", 5)
        assert (part.destination_addr, part.dest_addr_ton, part.dest_addr_npi) == (NUMBER[1:], 1, 1)
        assert (part.esm_class, part.data_coding, part.registered_delivery) == (0x40, 8, 1)
        assert len(part.short_message) <= 140


async def test_a_text_that_fits_into_one_has_no_header(smsc: Smsc, messages: Messages) -> None:
    link = a_link(smsc, messages)
    short = a_message().data | {"title": "Gom", "venue": "Gia Lam"}
    async with linked(link):
        await link.send(an_sms(language="en", data=short))
    (part,) = smsc.parts
    assert (part.esm_class, part.data_coding) == (0, 0)
    assert part.short_message.startswith(b"Your ticket: Gom, 09:30 on 23/11, Gia Lam.")


@pytest.mark.parametrize(
    ("command_status", "outcome"),
    [
        (0x08, Status.QUEUED),  # system error
        (0x14, Status.QUEUED),  # message queue full
        (0x58, Status.QUEUED),  # throttled
        (0x0B, Status.FAILED),  # invalid destination
        (0x0A, Status.FAILED),  # invalid source
        (0x45, Status.FAILED),  # submit failed
    ],
)
async def test_a_refusal_is_for_now_or_for_good(
    smsc: Smsc, messages: Messages, command_status: int, outcome: Status
) -> None:
    async def refuse(event: smpp34.SubmitSmEvent) -> None:
        event.reject(command_status)

    smsc.ways[NUMBER] = refuse
    link = a_link(smsc, messages)
    async with linked(link):
        message = await link.send(an_sms())
    assert message.status is outcome
    assert message.error == f"SMPP status 0x{command_status:08x}"
    assert len(smsc.parts) == 1


async def test_a_refusal_of_a_later_part_leaves_half_a_text_that_is_not_sent_again(
    smsc: Smsc, messages: Messages
) -> None:
    async def take_one(event: smpp34.SubmitSmEvent) -> None:
        if len(smsc.parts) == 1:
            event.accept("1")
        else:
            event.reject(0x58)

    smsc.ways[NUMBER] = take_one
    link = a_link(smsc, messages)
    async with linked(link):
        message = await link.send(an_sms())
    assert (message.status, len(smsc.parts)) == (Status.UNKNOWN, 2)


async def test_one_taken_without_an_id_is_not_called_failed(smsc: Smsc, messages: Messages) -> None:
    async def take(event: smpp34.SubmitSmEvent) -> None:
        event.accept("")

    smsc.ways[NUMBER] = take
    link = a_link(smsc, messages)
    async with linked(link):
        assert (await link.send(an_sms())).status is Status.UNKNOWN


async def test_a_text_beyond_ten_parts_fails_before_anything_is_sent(
    smsc: Smsc, messages: Messages
) -> None:
    link = a_link(smsc, messages)
    async with linked(link):
        message = await link.send(an_sms(data=a_message().data | {"title": "ộ" * 700}))
    assert (message.status, smsc.parts) == (Status.FAILED, [])
    assert "parts" in str(message.error)
