"""Scans as devices send them and as they are shown."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.events.admission.scans.rules import JudgedScan, ScanDirection, ScanResult
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.clock import Moment
from shared.contracts.events import BookableKind
from shared.schema import Schema, example

Ticket = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class ScanIn(Schema):
    """A scan as the device noted it. Sent again under its nonce it is the same scan."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "nonce": "0199f3a2-b824-7f60-92ea-740adb9c2f58",
                "ticket": "eyJhbGciOiJFZDI1NTE5In0.eyJyIjoiMDE5OWYzYTIifQ.c2lnbmF0dXJl",
                "at": "2026-11-06T01:42:10Z",
                "device": "Cổng A, máy 2",
                "way": "in",
                "told": None,
            }
        )
    )

    nonce: UUID
    """Names this scan: sent again with the same nonce it is the same scan."""
    ticket: Ticket
    """What the QR code holds."""
    at: Moment
    """When the ticket was shown, by the device's clock."""
    device: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    """Which device scanned it."""
    way: ScanDirection = ScanDirection.IN
    """On the way `in` or `out`."""
    told: ScanResult | None = None
    """What the device said to the holder while it was offline; null: it was not."""


class Batch(Schema):
    """Scans of one gate."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "scans": [
                    {
                        "nonce": "0199f3a2-b824-7f60-92ea-740adb9c2f58",
                        "ticket": "eyJhbGciOiJFZDI1NTE5In0.eyJyIjoiMDE5OWYzYTIifQ.c2lnbmF0dXJl",
                        "at": "2026-11-06T01:42:10Z",
                        "device": "Cổng A, máy 2",
                        "way": "in",
                        "told": None,
                    }
                ]
            }
        )
    )

    scans: Annotated[list[ScanIn], Field(min_length=1, max_length=500)]
    """In any order."""


class ScanOut(Schema):
    """What a scan is worth, by all that is known now."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "nonce": "0199f3a2-b824-7f60-92ea-740adb9c2f58",
                "answer": "admitted",
                "conflict": False,
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "kind": "general",
                "size": 2,
                "admitted_at": "2026-11-06T01:42:10Z",
            }
        )
    )

    nonce: UUID
    """Which scan it is."""
    answer: ScanResult
    """What to tell the holder: `admitted`, `left`, or why they are not let in or out."""
    conflict: bool
    """The holder was told something else, or somebody else has the seat by now."""
    registration_id: UUID | None
    """The ticket's registration; null if the ticket is not one of ours."""
    kind: TicketKind | None
    """The kind of ticket."""
    size: int | None
    """How many people it is for, the holder included."""
    admitted_at: Moment | None
    """When the holder was first let in."""


class Results(Schema):
    """What the scans are worth."""

    results: list[ScanOut]
    """One for each scan, in the order in which they were sent."""


class ListedTicket(Schema):
    """What a device needs to know of a ticket while it is offline."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "bookable_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "kind": "general",
                "size": 2,
                "blocked": False,
                "inside": False,
                "released": True,
                "bookable_kind": "session",
            }
        )
    )

    registration_id: UUID
    bookable_id: UUID
    """What it is for: the id of a session or, for a course, of its activity."""
    bookable_kind: BookableKind
    kind: TicketKind
    """The kind of ticket."""
    size: int
    """How many people it is for, the holder included."""
    blocked: bool
    """Staff have blocked it: it lets nobody in."""
    inside: bool
    """The holder is inside, at this moment."""
    released: bool
    """Everybody has agreed to be recorded, or nobody is asked to."""


class ScanTrace(Schema):
    """One scan of a ticket."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "nonce": "0199f3a2-b824-7f60-92ea-740adb9c2f58",
                "gate_id": "0199f3a2-c935-7071-a3fb-851bec0d3069",
                "device": "Cổng A, máy 2",
                "way": "in",
                "at": "2026-11-06T01:42:10Z",
                "told": "admitted",
                "answer": "already_in",
                "conflict": True,
            }
        )
    )

    nonce: UUID
    """Which scan it is."""
    gate_id: UUID
    """The gate at which it was scanned."""
    device: str
    """Which device scanned it."""
    way: ScanDirection
    """On the way `in` or `out`."""
    at: Moment
    """When the ticket was shown, by the device's clock."""
    told: ScanResult | None
    """What the device said to the holder while it was offline."""
    answer: ScanResult
    """What it was worth, by all that is known now."""
    conflict: bool
    """The holder was told something else, or somebody else has the seat by now."""

    @classmethod
    def of(cls, one: JudgedScan) -> "ScanTrace":
        scan = one.scan
        return cls(
            nonce=scan.nonce,
            gate_id=scan.gate_id,
            device=scan.device,
            way=scan.direction,
            at=scan.at,
            told=scan.told,
            answer=one.answer,
            conflict=one.conflict,
        )


class ConflictView(Schema):
    """A ticket about which a device that was offline was wrong."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "given_up": False,
                "scans": [
                    {
                        "nonce": "0199f3a2-b824-7f60-92ea-740adb9c2f58",
                        "gate_id": "0199f3a2-c935-7071-a3fb-851bec0d3069",
                        "device": "Cổng A, máy 2",
                        "way": "in",
                        "at": "2026-11-06T01:42:10Z",
                        "told": "admitted",
                        "answer": "already_in",
                        "conflict": True,
                    }
                ],
            }
        )
    )

    registration_id: UUID
    given_up: bool
    """The seat was given up or passed on before the scan was known."""
    scans: list[ScanTrace]
    """All scans of this ticket, in order of time."""


class OneTicket(Schema):
    """A ticket that is shown."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"ticket": "eyJhbGciOiJFZDI1NTE5In0.eyJyIjoiMDE5OWYzYTIifQ.c2lnbmF0dXJl"}
        )
    )

    ticket: Ticket
    """What the QR code holds."""
