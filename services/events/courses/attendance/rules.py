"""Who was there: by the scans at the gates, or by what staff read off a signed sheet.

A sheet speaks against the scans, and a later sheet against an earlier one; all that was ever
recorded is kept. Scans that arrive late count as soon as they are there, unless a sheet has spoken.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.booking.registrations.state import Registration


class Mark(NamedTuple):
    """What staff recorded of one person at one session."""

    present: bool
    sheet: str  # which signed sheet, or why
    by: UUID
    at: datetime


class Attendance(NamedTuple):
    """What is known of one person at one session."""

    session_id: UUID
    admitted_at: datetime | None = None  # by the scans
    marks: tuple[Mark, ...] = ()  # the latest last

    @property
    def present(self) -> bool:
        return self.marks[-1].present if self.marks else self.admitted_at is not None


class Standing(NamedTuple):
    """How one enrolled person stands in the whole course."""

    registration: Registration
    sessions: tuple[Attendance, ...]  # one for each session held, in order of time

    @property
    def attended(self) -> int:
        return sum(one.present for one in self.sessions)

    def reached(self, percent: int) -> bool:
        """True if they were at so many of the sessions that were held; of none, nobody was."""
        return bool(self.sessions) and self.attended >= least(len(self.sessions), percent)


def least(sessions: int, percent: int) -> int:
    """How many of these sessions are `percent` of them; parts of a session count as a whole."""
    return -(-sessions * percent // 100)


def standings(
    registrations: Iterable[Registration],
    sessions: Iterable[UUID],
    admitted: dict[tuple[UUID, UUID], datetime],
    marks: dict[tuple[UUID, UUID], tuple[Mark, ...]],
) -> list[Standing]:
    """Of everybody who is enrolled. `admitted` and `marks` are by (registration, session)."""
    held = list(sessions)
    return [
        Standing(
            one,
            tuple(
                Attendance(key, admitted.get((one.id, key)), marks.get((one.id, key), ()))
                for key in held
            ),
        )
        for one in registrations
    ]
