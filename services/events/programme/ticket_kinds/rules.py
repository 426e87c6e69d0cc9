"""Kinds of ticket, and what organisers say about each kind at a session or course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.events import BookableKind

PAY_FOR = timedelta(hours=24)  # how long an unpaid seat is kept, unless organisers say otherwise


class TicketKind(StrEnum):
    """Kinds of ticket."""

    GENERAL = "general"
    INVITED = "invited"
    PRESS = "press"
    WHEELCHAIR = "wheelchair"
    CHILD = "child"


class TicketKindFacts(BaseModel):
    """What organisers say about one kind of ticket at one session or course."""

    model_config = ConfigDict(frozen=True)

    kind: TicketKind = TicketKind.GENERAL
    capacity: Annotated[int, Field(ge=0, le=100_000)] | None = None  # of this kind; None: no limit
    shared: Annotated[
        tuple[UUID, ...], Field(max_length=5)
    ] = ()  # quotas shared with other sessions
    code_only: bool = False  # only with an access code
    approval: bool = False  # staff approve each registration
    offer_minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] | None = None
    """How long a seat is offered to the first on the waiting list. None: they get it at once."""
    fee: Annotated[int, Field(ge=0, le=100_000_000)] = 0  # for one seat, in whole đồng
    pay_minutes: Annotated[int, Field(ge=1, le=30 * 24 * 60)] = int(PAY_FOR.total_seconds()) // 60
    """How long an unpaid seat is kept, but at most until the session starts. A seat that is booked
    after the start is kept at most until the end."""


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
