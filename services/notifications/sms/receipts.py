"""Delivery receipts (SMPP 3.4, appendix B): which part, and what became of it.

Gateways write a message id in hexadecimal in one place and in decimal in another, or pad it with
zeros; a receipt is matched by any of the forms.
"""

import re
from typing import Literal, NamedTuple

_ID = re.compile(rb"\bid:(\S+)")
_STATE = re.compile(rb"\bstat:([A-Z]+)")

PartOutcome = Literal["delivered", "failed", "pending"]

_OUTCOMES: dict[str, PartOutcome] = {
    "DELIVRD": "delivered",
    "EXPIRED": "failed",
    "DELETED": "failed",
    "UNDELIV": "failed",
    "REJECTD": "failed",
    "UNKNOWN": "failed",
    "ENROUTE": "pending",
    "ACCEPTD": "pending",
}
_STATES = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD",
           7: "UNKNOWN", 8: "REJECTD"}  # message_state TLV, SMPP 3.4, 5.2.28  # fmt: skip


class Receipt(NamedTuple):
    message_id: str
    state: str
    outcome: PartOutcome


def read_receipt(
    text: bytes, receipted_id: str | None = None, state: int | None = None
) -> Receipt | None:
    """A receipt from its text and, where given, its TLVs; None if it is none."""
    found_id, found_state = _ID.search(text), _STATE.search(text)
    message_id = receipted_id or (found_id[1].decode("latin-1") if found_id else None)
    name = _STATES.get(state or 0) or (found_state[1].decode("ascii") if found_state else None)
    if not message_id or not name:
        return None
    return Receipt(message_id.rstrip("\0"), name, _OUTCOMES.get(name, "pending"))


def id_forms(message_id: str) -> list[str]:
    """The ways the same id may be written, the likeliest first: as it is, bare, other base."""
    bare = message_id.strip().lower()
    forms = [message_id, bare, bare.lstrip("0") or "0"]
    if re.fullmatch(r"[0-9]+", bare):
        forms.append(f"{int(bare):x}")
    if re.fullmatch(r"[0-9a-f]+", bare):
        forms.append(str(int(bare, 16)))
    return list(dict.fromkeys(forms))
