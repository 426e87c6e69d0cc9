"""What stands in a transfer: its reference, and the VietQR code that fills it in."""

from uuid import UUID

import pytest

from services.events.booking.billing.reference import ALPHABET, PREFIX, reference_of, references_in
from services.events.booking.billing.vietqr import crc, payload
from services.events.settings import BankAccount
from shared.ids import new_id

MINE, OTHER = UUID(int=3), UUID(int=4)
REFERENCE = reference_of(MINE)
ACCOUNT = BankAccount(
    "999999", "Ngân hàng Thử nghiệm", "0123456789", "SO VAN HOA VA THE THAO HA NOI"
)


@pytest.mark.parametrize(
    "text",
    [
        "{r}",
        "CK {r} ve tau di san",
        "MBVCB.4012345678.{r}.CT tu 0011001234567 NGUYEN THI MAI",
        "{lower} mua vé tàu",
        "{dashed} mua vé",
        "mua ve {spaced} cam on",
        "HNHN{r}HN",
        "QR-{r}-7c9",
    ],
)
def test_a_reference_is_found_in_whatever_stands_around_it(text: str) -> None:
    spaced = f"{REFERENCE[:2]} {REFERENCE[2:7]} {REFERENCE[7:]}"
    dashed = spaced.replace(" ", "-")
    filled = text.format(r=REFERENCE, lower=REFERENCE.lower(), spaced=spaced, dashed=dashed)
    assert references_in(filled) == (REFERENCE,)


@pytest.mark.parametrize("text", ["", "HN", "mua ve", "HN" + "2" * 3, REFERENCE[:-1], "Hà Nội"])
def test_no_reference_is_found_where_there_is_none(text: str) -> None:
    assert references_in(text) == ()


def test_two_in_one_text_are_both_found_and_one_said_twice_is_one() -> None:
    other = reference_of(OTHER)
    assert references_in(f"{REFERENCE} va {other}") == (REFERENCE, other)
    assert references_in(f"{REFERENCE} {REFERENCE}") == (REFERENCE,)


def test_no_slip_of_the_finger_makes_another_reference() -> None:
    """Every wrong character and every two that changed places, in a hundred of them."""
    for one in (reference_of(new_id()) for _ in range(100)):
        body = one[len(PREFIX) :]
        assert set(body) <= set(ALPHABET)
        for at, was in enumerate(body):
            for char in set(ALPHABET) - {was}:
                assert references_in(PREFIX + body[:at] + char + body[at + 1 :]) == ()
            for there in range(at + 1, len(body)):
                swapped = list(body)
                swapped[at], swapped[there] = body[there], was
                if swapped != list(body):
                    assert references_in(PREFIX + "".join(swapped)) == ()


def test_an_l_may_be_taken_for_an_i_or_a_one() -> None:
    one = next(r for r in (reference_of(new_id()) for _ in range(500)) if "L" in r)
    assert references_in(one.replace("L", "1")) == references_in(one.replace("L", "i")) == (one,)


def test_a_payload_worked_out_by_hand() -> None:
    """And the CRC of the example in NAPAS's own specification."""
    assert payload(ACCOUNT, 20_000, "HNUZHNXWPY4X") == (
        "000201"
        "010212"
        "38540010A00000072701240006999999011001234567890208QRIBFTTA"
        "5303704"
        "540520000"
        "5802VN"
        "62160812HNUZHNXWPY4X"
        "630486BF"
    )  # fmt: skip
    assert f"{crc(NAPAS_EXAMPLE[:-4]):04X}" == NAPAS_EXAMPLE[-4:]


NAPAS_EXAMPLE = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E"
)


def fields(text: str) -> dict[str, str]:
    """Every tag with its value, read as EMVCo says."""
    found = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        found[tag] = text[4 : 4 + length]
        assert len(found[tag]) == length, "cut off"
        text = text[4 + length :]
    return found


@pytest.mark.parametrize("amount", [1, 20_000, 1_234_567, 100_000_000])
def test_a_payload_read_back_field_by_field(amount: int) -> None:
    text = payload(ACCOUNT, amount, REFERENCE)
    found = fields(text)
    napas = fields(found["38"])
    assert list(found) == ["00", "01", "38", "53", "54", "58", "62", "63"]
    assert (found["00"], found["01"], found["53"], found["58"]) == ("01", "12", "704", "VN")
    assert found["54"] == str(amount)
    assert fields(found["62"]) == {"08": REFERENCE}
    assert (napas["00"], napas["02"]) == ("A000000727", "QRIBFTTA")
    assert fields(napas["01"]) == {"00": ACCOUNT.bank_bin, "01": ACCOUNT.account_number}
    assert int(found["63"], 16) == crc_bit_by_bit(text[:-4])
    assert fields(NAPAS_EXAMPLE)["54"] == "180000"


def crc_bit_by_bit(text: str) -> int:
    register = 0xFFFF
    for byte in text.encode():
        for bit in range(8):
            out = (register >> 15 ^ byte >> (7 - bit)) & 1
            register = (register << 1 & 0xFFFF) ^ (0x1021 if out else 0)
    return register
