"""What answers about attendance look like."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.events.courses.attendance.rules import CourseAttendance, sessions_needed


class AttendanceMarkView(BaseModel):
    present: bool
    reference: str
    at: datetime
    by: UUID | None  # for organisers


class SessionAttendanceView(BaseModel):
    session_id: UUID
    present: bool
    admitted_at: datetime | None  # by the scans
    marks: list[
        AttendanceMarkView
    ]  # from sheets, the latest last; the last one overrides the scans


class CourseAttendanceView(BaseModel):
    registration_id: UUID
    person_id: UUID
    sessions: list[SessionAttendanceView]
    attended: int
    needed: int
    reached: bool

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
