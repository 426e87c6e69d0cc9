"""Attendance as it is shown."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from services.events.courses.attendance.rules import Standing, least


class MarkView(BaseModel):
    present: bool
    reference: str
    at: datetime
    by: UUID | None  # for organisers


class AttendanceView(BaseModel):
    session_id: UUID
    present: bool
    admitted_at: datetime | None  # by the scans
    marks: list[MarkView]  # by hand, the latest last; it speaks against the scans


class StandingView(BaseModel):
    registration_id: UUID
    person_id: UUID
    sessions: list[AttendanceView]
    attended: int
    needed: int
    reached: bool

    @classmethod
    def of(cls, one: Standing, percent: int, *, makers: bool) -> "StandingView":
        return cls(
            registration_id=one.registration.id,
            person_id=one.registration.person_id,
            sessions=[
                AttendanceView(
                    session_id=day.session_id,
                    present=day.present,
                    admitted_at=day.admitted_at,
                    marks=[
                        MarkView(
                            present=mark.present,
                            reference=mark.sheet,
                            at=mark.at,
                            by=mark.by if makers else None,
                        )
                        for mark in day.marks
                    ],
                )
                for day in one.sessions
            ],
            attended=one.attended,
            needed=least(len(one.sessions), percent),
            reached=one.reached(percent),
        )
