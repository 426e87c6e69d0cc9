"""What becomes of a message: the rules alone."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from services.notifications.messages.rules import (
    SECRETS,
    Channel,
    Message,
    Status,
    accepted,
    failed,
    message_id,
    postponed,
    sent,
    takes_sms,
    template_values,
    unknown,
    with_receipt,
)
from services.notifications.settings import Settings
from shared.testing.scenarios import NOON
from tests.notifications.scene import a_message

LATER = NOON + timedelta(minutes=3)
EVENT = UUID("0198c0de-0000-7000-8000-000000000001")


def taken(*part_ids: str) -> Message:
    return accepted(a_message(channel=Channel.SMS), part_ids, NOON)


def test_an_event_makes_the_same_message_however_often_it_comes() -> None:
    assert message_id(EVENT, Channel.EMAIL) == message_id(EVENT, Channel.EMAIL)
    assert message_id(EVENT, Channel.EMAIL) != message_id(EVENT, Channel.SMS)
    assert message_id(EVENT, Channel.EMAIL) != message_id(UUID(int=7), Channel.EMAIL)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (sent(a_message(), LATER), Status.SENT),
        (accepted(a_message(), ("7",), LATER), Status.ACCEPTED),
        (failed(a_message(), "SMTP 550", LATER), Status.FAILED),
        (unknown(a_message(), "no answer", LATER), Status.UNKNOWN),
        (postponed(a_message(attempts=3), "SMTP 451", LATER, (1, 2)), Status.FAILED),
    ],
    ids=lambda value: value.value if isinstance(value, Status) else "",
)
def test_whatever_becomes_of_it_the_secrets_are_forgotten(outcome: Message, status: Status) -> None:
    assert set(a_message(data={"code": "1", "ticket": "2"}).data) == SECRETS
    assert outcome.status is status
    assert outcome.done_at == LATER
    assert outcome.claimed_until is None
    assert SECRETS.isdisjoint(outcome.data)
    assert outcome.data["title"] == a_message().data["title"]


def test_one_that_is_put_off_keeps_what_it_has_to_say() -> None:
    message = a_message(claimed_until=LATER)
    waiting = postponed(message, "SMTP 451", NOON, (5, 30))
    assert waiting.status is Status.QUEUED
    assert waiting.due_at == NOON + timedelta(seconds=5)
    assert waiting.claimed_until is None
    assert waiting.done_at is None
    assert waiting.error == "SMTP 451"
    assert waiting.data == message.data


def test_the_pauses_come_in_turn_and_then_it_has_failed() -> None:
    pauses = Settings().send_again_after
    dues = []
    for attempt in range(1, len(pauses) + 1):
        waiting = postponed(a_message(attempts=attempt), "away", NOON, pauses)
        assert waiting.status is Status.QUEUED
        dues.append((waiting.due_at - NOON).total_seconds())
    assert tuple(dues) == pauses
    assert sum(dues) > timedelta(hours=20).total_seconds()
    last = postponed(a_message(attempts=len(pauses) + 1), "away", NOON, pauses)
    assert (last.status, last.error) == (Status.FAILED, "away")


def test_a_text_is_delivered_when_every_part_is() -> None:
    for order in permutations(["1", "2", "3"]):
        message = taken("1", "2", "3")
        for position, key in enumerate(order, start=1):
            message = with_receipt(message, key, "delivered", "DELIVRD", LATER)
            assert (message.status is Status.DELIVERED) is (position == 3)
    assert message.done_at == LATER


def test_a_text_has_failed_when_one_part_has() -> None:
    message = with_receipt(taken("1", "2"), "1", "delivered", "DELIVRD", NOON)
    message = with_receipt(message, "2", "failed", "UNDELIV", LATER)
    assert message.status is Status.FAILED
    assert [part.state for part in message.parts] == ["DELIVRD", "UNDELIV"]


def test_a_word_on_the_way_is_kept_but_decides_nothing() -> None:
    message = with_receipt(taken("1"), "1", "pending", "ENROUTE", LATER)
    assert message.status is Status.ACCEPTED
    assert message.parts[0].state == "ENROUTE"
    assert message.done_at == NOON
    assert with_receipt(message, "1", "delivered", "DELIVRD", LATER).status is Status.DELIVERED


@pytest.mark.parametrize(
    ("first", "second"),
    [("delivered", "failed"), ("failed", "delivered"), ("delivered", "delivered")],
)
def test_a_part_s_first_final_word_stands(first: str, second: str) -> None:
    message = with_receipt(taken("1"), "1", first, "FIRST", NOON)
    assert with_receipt(message, "1", second, "SECOND", LATER) == message


def test_a_receipt_for_no_part_of_it_changes_nothing() -> None:
    message = taken("1")
    assert with_receipt(message, "2", "delivered", "DELIVRD", LATER) == message


def test_parts_are_known_by_their_ids_without_what_gateways_vary() -> None:
    message = taken("00001A2B")
    assert message.parts[0].id == "00001A2B"
    assert with_receipt(message, "1a2b", "delivered", "DELIVRD", NOON).status is Status.DELIVERED


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        ("+84901234567", True),
        ("+84338123456", True),
        ("+842438253536", False),
        ("+842838298765", False),
        ("+33142685300", True),  # abroad the number alone does not say
    ],
)
def test_a_vietnamese_landline_gets_no_sms(number: str, takes: bool) -> None:
    assert takes_sms(number) is takes


def test_what_is_absent_is_left_out_and_what_is_false_is_not() -> None:
    assert template_values(promoted=False, number=0, address=None) == {
        "promoted": False,
        "number": 0,
    }
