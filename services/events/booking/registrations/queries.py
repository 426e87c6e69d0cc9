"""Reads over many registrations, for reports, segments and clashes.

Each method returns only the fields that its reader needs, and a cursor where there may be many.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.booking.registrations.state import RegistrationCount, Status
from services.events.booking.registrations.store import Registrations
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.mongo import Document, Mongo


class HeldRegistration(NamedTuple):
    """One registration that is not cancelled."""

    id: UUID
    bookable_id: UUID  # the session or the course
    status: Status
    admitted: bool


class RegistrationRow(NamedTuple):
    """One registration, for a table."""

    id: UUID
    person_id: UUID
    bookable_id: UUID  # the session or the course
    kind: TicketKind
    size: int
    status: Status
    number: int | None  # on the waiting list
    asked_at: datetime
    confirmed_at: datetime | None
    admitted_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    override_reason: str | None  # why staff gave it seats out of turn


class RegistrationQueries:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection(Registrations.collection)

    async def booked_by(self, people: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """The sessions and courses that each of them has seats in, or is offered some."""
        without = [Status.WAITING.value, Status.CANCELLED.value]
        query = {"person_id": {"$in": list(people)}, "status": {"$nin": without}}
        booked: defaultdict[UUID, set[UUID]] = defaultdict(set)
        async for row in self._documents.find(query, {"person_id": 1, "bookable_id": 1}):
            booked[row["person_id"]].add(row["bookable_id"])
        return booked

    async def by_person(
        self, bookables: Collection[UUID]
    ) -> AsyncIterator[tuple[UUID, list[HeldRegistration]]]:
        """Each person once, with all their registrations in these sessions and courses.

        The database groups them, and may use its disk for it.
        """
        held: Document = {"bookable_id": {"$in": list(bookables)}, "status": {"$ne": "cancelled"}}
        one = {
            "id": "$_id",
            "bookable_id": "$bookable_id",
            "status": "$status",
            "admitted": {"$ne": ["$admitted_at", None]},
        }
        people = self._documents.aggregate(
            [{"$match": held}, {"$group": {"_id": "$person_id", "held": {"$push": one}}}],
            allowDiskUse=True,
            batchSize=1_000,
        )
        async for row in people:
            yield (
                row["_id"],
                [
                    HeldRegistration(
                        each["id"], each["bookable_id"], Status(each["status"]), each["admitted"]
                    )
                    for each in row["held"]
                ],
            )

    async def counts(self, bookables: Collection[UUID]) -> list[RegistrationCount]:
        """How many registrations and people there are, by session or course, kind and status."""
        alike = {
            "bookable": "$bookable_id",
            "kind": "$kind",
            "status": "$status",
            "admitted": {"$ne": ["$admitted_at", None]},
        }
        sums = {"_id": alike, "registrations": {"$sum": 1}, "people": {"$sum": "$size"}}
        groups = self._documents.aggregate(
            [{"$match": {"bookable_id": {"$in": list(bookables)}}}, {"$group": sums}]
        )
        return [
            RegistrationCount(
                bookable_id=row["_id"]["bookable"],
                kind=TicketKind(row["_id"]["kind"]),
                status=Status(row["_id"]["status"]),
                admitted=row["_id"]["admitted"],
                registrations=row["registrations"],
                people=row["people"],
            )
            async for row in groups
        ]

    async def rows(self, bookables: Collection[UUID]) -> AsyncIterator[RegistrationRow]:
        """All registrations, cancelled ones too, by session or course and then by id."""
        names = ("person_id", "bookable_id", "kind", "size", "status", "number", "override")
        times = ("asked_at", "confirmed_at", "admitted_at", "ended_at", "ended_by")
        found = self._documents.find(
            {"bookable_id": {"$in": list(bookables)}}, dict.fromkeys((*names, *times), 1)
        )
        async for row in found.sort([("bookable_id", 1), ("_id", 1)]).batch_size(500):
            yield RegistrationRow(
                row["_id"],
                row["person_id"],
                row["bookable_id"],
                TicketKind(row["kind"]),
                row["size"],
                Status(row["status"]),
                row["number"],
                row["asked_at"],
                row["confirmed_at"],
                row["admitted_at"],
                row["ended_at"],
                row["ended_by"],
                (row["override"] or {}).get("reason"),
            )
