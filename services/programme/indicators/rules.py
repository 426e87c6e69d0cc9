"""Indicators, counted from the events of the other services. The rules say which event counts."""

from collections.abc import Callable
from typing import Any, NamedTuple

from shared.contracts.applications import CallOpened, EntryDecided, EntrySubmitted
from shared.contracts.base import Event
from shared.contracts.events import (
    EditionAnnounced,
    EditionCancelled,
    RegistrationAdmitted,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationResized,
    SessionCancelled,
    SessionPublished,
)
from shared.contracts.registry import DesignerApproved, SpacePublished
from shared.text import Localized


class Indicator(NamedTuple):
    key: str
    name: Localized


INDICATORS = (
    Indicator("designers", Localized(vi="Nhà thiết kế được duyệt", en="Designers approved")),
    Indicator("spaces", Localized(vi="Không gian sáng tạo", en="Creative spaces")),
    Indicator("editions", Localized(vi="Mùa lễ hội", en="Festival editions")),
    Indicator("sessions", Localized(vi="Buổi hoạt động", en="Sessions held or planned")),
    Indicator("places", Localized(vi="Chỗ đã xác nhận", en="Seats confirmed")),
    Indicator("visits", Localized(vi="Lượt vào cửa", en="Admissions at the gate")),
    Indicator("calls", Localized(vi="Cuộc thi đã mở", en="Calls opened")),
    Indicator("entries", Localized(vi="Bài dự thi", en="Entries submitted")),
    Indicator("awards", Localized(vi="Giải thưởng", en="Awards given")),
)


class CountingRule(NamedTuple):
    """How one type of event changes one indicator.

    `once`: only the first event of this type counts for each thing, since later ones report
    changes.
    """

    event: type[Event]
    key: str
    amount: Callable[[Any], int]
    once: bool = False


COUNTING_RULES = (
    CountingRule(DesignerApproved, "designers", lambda _: 1, once=True),
    CountingRule(SpacePublished, "spaces", lambda _: 1, once=True),
    CountingRule(EditionAnnounced, "editions", lambda _: 1, once=True),
    CountingRule(EditionCancelled, "editions", lambda _: -1),
    CountingRule(SessionPublished, "sessions", lambda _: 1, once=True),
    CountingRule(SessionCancelled, "sessions", lambda _: -1),
    CountingRule(RegistrationConfirmed, "places", lambda event: event.size),
    CountingRule(
        RegistrationCancelled, "places", lambda event: -event.size if event.held_place else 0
    ),
    CountingRule(RegistrationResized, "places", lambda event: event.size - event.size_before),
    CountingRule(RegistrationAdmitted, "visits", lambda _: 1),
    CountingRule(CallOpened, "calls", lambda _: 1),
    CountingRule(EntrySubmitted, "entries", lambda _: 1),
    CountingRule(EntryDecided, "awards", lambda event: 1 if event.outcome == "awarded" else 0),
)
