"""What answers about attendance look like."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict

from services.events.courses.attendance.rules import CourseAttendance, sessions_needed
from shared.schema import Schema, example


class AttendanceMarkView(Schema):
    """Attendance that was recorded by hand."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "present": True,
                "reference": "Phiếu điểm danh 12/11",
                "at": "2026-11-12T10:00:00Z",
                "by": "0199f3a2-6e75-7f67-92a3-b4c5d6e7f809",
            }
        )
    )

    present: bool
    """Whether they were there."""
    reference: str
    """Which sheet says so, or why it was corrected."""
    at: datetime
    """When it was recorded: RFC 3339, in UTC."""
    by: UUID | None
    """Who recorded it; for organisers only."""


class SessionAttendanceView(Schema):
    """Whether somebody attended one session."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "present": True,
                "admitted_at": None,
                "marks": [
                    {
                        "present": True,
                        "reference": "Phiếu điểm danh 12/11",
                        "at": "2026-11-12T10:00:00Z",
                        "by": "0199f3a2-6e75-7f67-92a3-b4c5d6e7f809",
                    }
                ],
            }
        )
    )

    session_id: UUID
    present: bool
    """Whether it counts as attended."""
    admitted_at: datetime | None
    """When a gate let them in: RFC 3339, in UTC."""
    marks: list[AttendanceMarkView]
    """What was recorded by hand, the latest last: it counts more than the scans."""


class CourseAttendanceView(Schema):
    """How much of a course somebody has attended."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "person_id": "0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8",
                "sessions": [
                    {
                        "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                        "present": True,
                        "admitted_at": "2026-11-06T01:42:10Z",
                        "marks": [],
                    }
                ],
                "attended": 7,
                "needed": 7,
                "reached": True,
            }
        )
    )

    registration_id: UUID
    person_id: UUID
    """The holder of the registration."""
    sessions: list[SessionAttendanceView]
    """Each session of the course, in order of time."""
    attended: int
    """How many sessions they attended."""
    needed: int
    """How many they need for a certificate."""
    reached: bool
    """Whether they have attended enough."""

    @classmethod
    def of(
        cls, one: CourseAttendance, percent: int, *, show_recorder: bool
    ) -> "CourseAttendanceView":
        return cls(
            registration_id=one.registration.id,
            person_id=one.registration.person_id,
            sessions=[
                SessionAttendanceView(
                    session_id=day.session_id,
                    present=day.present,
                    admitted_at=day.admitted_at,
                    marks=[
                        AttendanceMarkView(
                            present=mark.present,
                            reference=mark.sheet,
                            at=mark.at,
                            by=mark.by if show_recorder else None,
                        )
                        for mark in day.marks
                    ],
                )
                for day in one.sessions
            ],
            attended=one.attended,
            needed=sessions_needed(len(one.sessions), percent),
            reached=one.reached(percent),
        )
