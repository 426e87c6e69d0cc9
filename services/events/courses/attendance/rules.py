"""Who attended which session of a course, by the scans at the gates and by signed sheets.

A sheet overrides the scans, and a later sheet overrides an earlier one. All sheets are kept. A scan
that arrives late counts from then on, unless a sheet says otherwise.

    absent  ──scan, at once or late──▶ present
    absent  ──sheet──▶ present
    present ──sheet──▶ absent        (the last sheet overrides the scans)
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.events.booking.registrations.state import Registration


class AttendanceMark(NamedTuple):
    """What staff recorded about one person at one session."""

    present: bool
    sheet: str  # which signed sheet it is, or why it is corrected
    by: UUID
    at: datetime


class SessionAttendance(NamedTuple):
    """What is known about one person at one session."""

    session_id: UUID
    admitted_at: datetime | None = None  # by the scans
    marks: tuple[AttendanceMark, ...] = ()  # the latest last

    @property
    def present(self) -> bool:
        return self.marks[-1].present if self.marks else self.admitted_at is not None


class CourseAttendance(NamedTuple):
    """The attendance of one enrolled person in the whole course."""

    registration: Registration
    sessions: tuple[SessionAttendance, ...]  # one for each session held, in order of time

    @property
    def attended(self) -> int:
        return sum(one.present for one in self.sessions)

    def reached(self, percent: int) -> bool:
        """True if they attended at least `percent` of the sessions that were held.

        False if none was held.
        """
        return bool(self.sessions) and self.attended >= sessions_needed(len(self.sessions), percent)


def sessions_needed(sessions: int, percent: int) -> int:
    """How many sessions are `percent` of so many, rounded up."""
    return -(-sessions * percent // 100)


def course_attendances(
    registrations: Iterable[Registration],
    sessions: Iterable[UUID],
    admitted: dict[tuple[UUID, UUID], datetime],
    marks: dict[tuple[UUID, UUID], tuple[AttendanceMark, ...]],
) -> list[CourseAttendance]:
    """One for each registration. `admitted` and `marks` are by (registration, session)."""
    held = list(sessions)
    return [
        CourseAttendance(
            one,
            tuple(
                SessionAttendance(key, admitted.get((one.id, key)), marks.get((one.id, key), ()))
                for key in held
            ),
        )
        for one in registrations
    ]
