"""Issues the certificates of a course: one to everybody who reached the minimum attendance."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.events.courses.attendance.rules import CourseAttendance
from services.events.courses.attendance.service import AttendanceService
from services.events.courses.certificates.errors import NotReached
from services.events.courses.certificates.rules import Certificate, Completion, Issue
from services.events.courses.certificates.store import Certificates
from services.events.courses.courses.errors import CourseNotOver
from services.events.courses.courses.rules import Course, CourseDates
from services.events.courses.courses.service import CourseService
from services.events.courses.courses.store import Courses
from shared.ids import new_id
from shared.mongo import Tx

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class CertificateService:
    def __init__(
        self,
        courses: Courses,
        course_service: CourseService,
        attendances: AttendanceService,
        certificates: Certificates,
    ) -> None:
        self._courses = courses
        self._course_service = course_service
        self._attendances = attendances
        self._certificates = certificates

    async def issue(
        self, course_id: UUID, by: UUID, names: Mapping[UUID, str], now: datetime
    ) -> list[Certificate]:
        """Issue the certificates that are missing. Returns all certificates of the course.

        A certificate that was issued before stays as it is, also if it was revoked. `names`, by
        registration, are for those issued now. Raises `CourseUnknown`, `CourseNotOver`,
        `NotReached` (a name for somebody who gets no certificate), `NameUnprintable`.
        """
        return await self._certificates.mongo.transaction(
            lambda tx: self._issue(tx, course_id, by, names, now)
        )

    async def _issue(
        self, tx: Tx, course_id: UUID, by: UUID, names: Mapping[UUID, str], now: datetime
    ) -> list[Certificate]:
        course = await self._courses.get(course_id, tx)
        dates = await self._course_service.dates(course_id, tx)
        if dates is None or now < dates.ends_at:
            raise CourseNotOver
        reached = {
            one.registration.id: one
            for one in await self._attendances.of_course(course_id, tx)
            if one.reached(course.facts.minimum_percent)
        }
        for key in names:
            if key not in reached:
                raise NotReached(registration_id=key)
        issued = await self._certificates.of_registrations(reached, tx)
        have = {one.registration_id for one in issued}
        due = [one for key, one in reached.items() if key not in have]
        if not due:
            return issued
        numbers = await self._certificates.next_numbers(tx, len(due), now)
        for number, one in zip(numbers, due, strict=True):
            command = _issuing(course, dates, one, number, by, names.get(one.registration.id))
            key = command.certificate_id
            issued.append(await self._certificates.perform(tx, key, command, now))
        return issued


def _issuing(
    course: Course,
    dates: CourseDates,
    one: CourseAttendance,
    number: str,
    by: UUID,
    name: str | None,
) -> Issue:
    return Issue(
        certificate_id=new_id(),
        number=number,
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(10)),
        registration_id=one.registration.id,
        person_id=one.registration.person_id,
        completion=Completion(
            course_id=course.id,
            title=course.title,
            starts_at=dates.starts_at,
            ends_at=dates.ends_at,
            attended=one.attended,
            held=len(one.sessions),
        ),
        by=by,
        name=name,
    )
