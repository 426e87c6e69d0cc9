"""Kinds of ticket, and what organisers say about each kind at a session or course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.events import BookableKind
from shared.schema import Schema, example

PAY_FOR = timedelta(hours=24)  # how long an unpaid seat is kept, unless organisers say otherwise


class TicketKind(StrEnum):
    """Kinds of ticket."""

    GENERAL = "general"
    INVITED = "invited"
    PRESS = "press"
    WHEELCHAIR = "wheelchair"
    CHILD = "child"


class TicketKindFacts(Schema):
    """What organisers say about one kind of ticket at one session or course."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {"kind": "general", "capacity": 20, "fee": 150000, "pay_minutes": 60}
        ),
    )

    kind: TicketKind = TicketKind.GENERAL
    """Which kind of ticket."""
    capacity: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """How many seats of this kind there are; null: as many as the session has."""
    shared: Annotated[tuple[UUID, ...], Field(max_length=5)] = ()
    """Ids of quotas that these seats count in, too, together with other sessions."""
    code_only: bool = False
    """Only with an access code."""
    approval: bool = False
    """Staff approve each registration."""
    offer_minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] | None = None
    """A seat is offered to the first on the waiting list for so long; null: it is theirs at once.
    """
    fee: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    """For one seat, in whole đồng."""
    pay_minutes: Annotated[int, Field(ge=1, le=30 * 24 * 60)] = int(PAY_FOR.total_seconds()) // 60
    """An unpaid seat is kept so long, but not longer than until the session starts. A seat that is
    taken after the start is kept until the end at the latest."""


@dataclass(frozen=True, slots=True)
class SeatOffer:
    """The terms on which people can book seats of a session, or of a whole course."""

    bookable_kind: BookableKind
    capacity: int
    kinds: Sequence[TicketKindFacts]
    opens_at: datetime
    closes_at: datetime
    starts_at: datetime | None = None  # a fee must be paid by then
    ends_at: datetime | None = None  # after that nobody is asked to pay
    largest: int | None = None  # seats in one registration at most; None: as many as there are
