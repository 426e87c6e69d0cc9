"""Delivery receipts (SMPP 3.4, appendix B): the id of a part, and its outcome.

A gateway may write the id of a message in hexadecimal in one place and in decimal in another, or
with leading zeros. So a receipt is matched by any of these forms.
"""

import re
from typing import Literal, NamedTuple

_ID = re.compile(rb"\bid:(\S+)")
_STATE = re.compile(rb"\bstat:([A-Z]+)")
_LONGEST_ID = 65  # octets (5.3.2.12)

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
    """Read a receipt from its text and its optional parameters. None if it is no receipt."""
    found_id, found_state = _ID.search(text), _STATE.search(text)
    given_id = (receipted_id or "").rstrip("\0")
    message_id = given_id or (found_id[1].decode("latin-1") if found_id else "")
    name = _STATES.get(state or 0) or (found_state[1].decode("ascii") if found_state else None)
    if not message_id or not name or len(message_id) > _LONGEST_ID:
        return None
    return Receipt(message_id, name, _OUTCOMES.get(name, "pending"))


def id_key(message_id: str) -> str:
    """An id in lower case, without leading zeros."""
    return message_id.strip().lower().lstrip("0") or "0"


def id_forms(message_id: str) -> list[str]:
    """The keys that the same id may have: first as it is, then in the other number systems."""
    key = id_key(message_id)
    forms = [key]
    if re.fullmatch(r"[0-9]+", key):
        forms.append(f"{int(key):x}")
    if re.fullmatch(r"[0-9a-f]+", key):
        forms.append(str(int(key, 16)))
    return list(dict.fromkeys(forms))
