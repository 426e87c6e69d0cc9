"""Reading delivery receipts, whatever the gateway's habits."""

import pytest

from services.notifications.messages.receipts import Receipt, id_forms, id_key, read_receipt
from tests.notifications.servers import delivered


def test_a_receipt_is_read_from_its_text() -> None:
    assert read_receipt(delivered("0A1B2C3D").encode()) == Receipt(
        "0A1B2C3D", "DELIVRD", "delivered"
    )


@pytest.mark.parametrize(
    ("state", "name", "outcome"),
    [
        (1, "ENROUTE", "pending"),
        (2, "DELIVRD", "delivered"),
        (3, "EXPIRED", "failed"),
        (4, "DELETED", "failed"),
        (5, "UNDELIV", "failed"),
        (6, "ACCEPTD", "pending"),
        (7, "UNKNOWN", "failed"),
        (8, "REJECTD", "failed"),
    ],
)
def test_every_state_means_the_same_as_a_number_and_as_a_word(
    state: int, name: str, outcome: str
) -> None:
    assert read_receipt(b"", "77", state) == Receipt("77", name, outcome)  # type: ignore[arg-type]
    assert read_receipt(delivered("77", name).encode()) == Receipt("77", name, outcome)  # type: ignore[arg-type]


def test_what_the_parameters_say_goes_before_the_text() -> None:
    assert read_receipt(delivered("1").encode(), "2\0", 5) == Receipt("2", "UNDELIV", "failed")


@pytest.mark.parametrize(
    ("text", "named", "state"),
    [
        (delivered("9").encode(), None, None),
        (delivered("9").encode(), "", 0),
        (delivered("9").encode(), "\0", 99),
        (b"stat:DELIVRD", "9", None),
        (b"id:9", None, 2),
    ],
    ids=["neither", "empty ones", "senseless ones", "only the id", "only the state"],
)
def test_text_and_parameters_complete_each_other(
    text: bytes, named: str | None, state: int | None
) -> None:
    assert read_receipt(text, named, state) == Receipt("9", "DELIVRD", "delivered")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        "Chào anh, tối nay mấy giờ ạ?".encode(),
        b"id:77",
        b"stat:DELIVRD",
        b"grid:77 stat:DELIVRD",
        b"id: stat:",
        b"id:" + b"9" * 5000 + b" stat:DELIVRD",
    ],
    ids=["nothing", "a text", "no state", "no id", "another word", "blanks", "an endless id"],
)
def test_what_is_no_receipt_is_not_taken_for_one(text: bytes) -> None:
    assert read_receipt(text) is None


def test_a_word_of_the_gateway_s_own_leaves_the_part_pending() -> None:
    assert read_receipt(b"id:7 stat:BUFFERED") == Receipt("7", "BUFFERED", "pending")


# What submit_sm_resp said, and the same id as receipts have been seen to write it.
SAME = [
    ("1A2B", "1A2B"),
    ("1A2B", "1a2b"),
    ("1A2B", "00001A2B"),
    ("00001A2B", "1a2b"),
    ("1A2B", "6699"),
    ("00001A2B", "6699"),
    ("00001A2B", "0000006699"),
    ("6699", "1A2B"),
    ("0000006699", "1a2b"),
    ("0000006699", "00001A2B"),
    ("0", "00000000"),
    ("a1b2-Kx", "A1B2-kX"),
    ("18446744073709551615", "FFFFFFFFFFFFFFFF"),
]


@pytest.mark.parametrize(("answered", "receipted"), SAME)
def test_the_same_id_is_known_in_another_base_and_with_zeros(answered: str, receipted: str) -> None:
    assert id_key(answered) in id_forms(receipted)
    # An early receipt waits under its own key and is looked for from the other side.
    assert id_key(receipted) in id_forms(answered)


@pytest.mark.parametrize(
    ("answered", "receipted"),
    [("1A2B", "1A2C"), ("6699", "6700"), ("100", "10"), ("10", "22"), ("a1b2-kx", "a1b2-ky")],
)
def test_another_id_is_not(answered: str, receipted: str) -> None:
    assert id_key(answered) not in id_forms(receipted)


def test_an_id_as_it_stands_goes_before_its_conversions() -> None:
    assert id_forms("0010") == ["10", "a", "16"]
