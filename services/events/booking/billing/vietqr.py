"""VietQR: what a banking app reads from a QR code to fill in a transfer.

NAPAS, "QR Code format specification for the NAPAS 247 service by QR code" 1.5.2, on the ground of
EMVCo's "QR Code specification for payment systems: merchant-presented mode". Every field is a
two-digit tag, a two-digit length and a value.
"""

import binascii

from services.events.settings import BankAccount


def payload(account: BankAccount, amount: int, purpose: str) -> str:
    """For a transfer of so many đồng to an account; `purpose` is ASCII, at most 25 characters."""
    beneficiary = _field("00", account.bank_bin) + _field("01", account.account_number)
    napas = _field("00", "A000000727") + _field("01", beneficiary) + _field("02", "QRIBFTTA")
    text = (
        _field("00", "01")  # version
        + _field("01", "12")  # dynamic: good for one payment
        + _field("38", napas)
        + _field("53", "704")  # đồng, by ISO 4217
        + _field("54", str(amount))
        + _field("58", "VN")
        + _field("62", _field("08", purpose))
        + "6304"
    )
    return f"{text}{crc(text):04X}"


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF, over tag and length of the CRC too."""
    return binascii.crc_hqx(text.encode("ascii"), 0xFFFF)


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"
