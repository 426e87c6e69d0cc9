"""Receipts and the messages they speak of, in whatever order the two are written down."""

import asyncio

import pytest

from services.notifications.messages.receipts import Receipt
from services.notifications.messages.rules import Message, Status, accepted
from services.notifications.messages.store import Messages
from services.notifications.settings import Settings
from services.notifications.sms.smpp import SmsGateway
from shared.clock import now
from tests.notifications.linking import NUMBER, an_sms, keep, status_of


class Forgetful(SmsGateway):
    """The negative control: does not look for receipts that came early."""

    async def apply_early_receipts(self, message: Message) -> None:
        return None


def a_receipt(message_id: str, outcome: str = "delivered") -> Receipt:
    return Receipt(message_id, "DELIVRD", outcome)  # type: ignore[arg-type]


def link(messages: Messages, kind: type[SmsGateway] = SmsGateway) -> SmsGateway:
    return kind(Settings(), messages, now)


async def sending(messages: Messages, *part_ids: str) -> tuple[Message, Message]:
    """A message that is just being sent, and what it is once its parts are known."""
    message = an_sms()
    await keep(messages, message)
    return message, accepted(message, part_ids, now())


async def early(messages: Messages) -> int:
    return await messages.mongo.collection("receipts").count_documents({})


@pytest.mark.parametrize("kind", [SmsGateway, Forgetful], ids=["guarded", "control"])
async def test_an_early_receipt_is_kept_until_the_parts_are_written_down(
    messages: Messages, kind: type[SmsGateway]
) -> None:
    message, outcome = await sending(messages, "00AB", "00AC")
    at_work = link(messages, kind)
    for message_id in ("171", "00ac"):
        await at_work.apply_receipt(NUMBER, a_receipt(message_id))
    assert await early(messages) == 2
    assert await messages.record(message, outcome)
    await at_work.apply_early_receipts(outcome)
    guarded = kind is SmsGateway
    assert (await status_of(messages, message) is Status.DELIVERED) is guarded
    assert await early(messages) == (0 if guarded else 2)


async def test_in_whatever_order_receipts_and_parts_are_written_none_is_lost(
    messages: Messages,
) -> None:
    for round_ in range(15):
        ids = (f"{round_}A", f"{round_}B", f"{round_}C")
        message, outcome = await sending(messages, *ids)
        here, there = link(messages), link(messages)  # two processes, say

        async def hand_over(
            message: Message = message, outcome: Message = outcome, here: SmsGateway = here
        ) -> None:
            assert await messages.record(message, outcome)
            await here.apply_early_receipts(outcome)

        receipts = [there.apply_receipt(NUMBER, a_receipt(message_id)) for message_id in ids]
        await asyncio.gather(*receipts, hand_over())
        assert await status_of(messages, message) is Status.DELIVERED
        assert await early(messages) == 0


async def test_a_receipt_that_comes_again_is_not_kept(messages: Messages) -> None:
    message, outcome = await sending(messages, "AB")
    await messages.record(message, outcome)
    await link(messages).apply_receipt(NUMBER, a_receipt("AB"))
    await link(messages).apply_receipt(NUMBER, a_receipt("00ab"))
    await link(messages).apply_receipt(NUMBER, a_receipt("AB", "failed"))
    assert await status_of(messages, message) is Status.DELIVERED
    assert await early(messages) == 0


async def test_where_a_gateway_uses_an_id_again_the_latest_message_is_meant(
    messages: Messages,
) -> None:
    older, older_outcome = await sending(messages, "7")
    await messages.record(older, older_outcome.model_copy(update={"created_at": now().min}))
    newer, newer_outcome = await sending(messages, "7")
    await messages.record(newer, newer_outcome)
    await link(messages).apply_receipt(NUMBER, a_receipt("7"))
    assert await status_of(messages, older) is Status.ACCEPTED
    assert await status_of(messages, newer) is Status.DELIVERED
    await link(messages).apply_receipt(NUMBER, a_receipt("7"))
    assert await status_of(messages, older) is Status.DELIVERED


async def test_an_id_as_it_stands_is_meant_before_one_in_another_base(messages: Messages) -> None:
    decimal, decimal_outcome = await sending(messages, "10")
    await messages.record(decimal, decimal_outcome)
    other, other_outcome = await sending(messages, "16")  # 0x10
    await messages.record(other, other_outcome)
    await link(messages).apply_receipt(NUMBER, a_receipt("10"))
    assert await status_of(messages, decimal) is Status.DELIVERED
    assert await status_of(messages, other) is Status.ACCEPTED


async def test_another_number_s_receipt_is_another_message_s(messages: Messages) -> None:
    message, outcome = await sending(messages, "AB")
    await messages.record(message, outcome)
    await link(messages).apply_receipt("+84900000000", a_receipt("AB"))
    assert await status_of(messages, message) is Status.ACCEPTED
    assert await early(messages) == 1
