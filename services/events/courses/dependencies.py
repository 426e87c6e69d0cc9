"""What routes ask for from the courses area, by type."""

from typing import Annotated

from fastapi import Depends

from services.events.courses.attendance.service import AttendanceService
from services.events.courses.certificates.service import CertificateService
from services.events.courses.certificates.store import Certificates
from services.events.courses.courses.service import CourseService
from services.events.courses.courses.store import Courses
from services.events.courses.feedback.service import FeedbackService
from shared.http.provided import provided

AllCertificates = Annotated[Certificates, Depends(provided(Certificates))]
AllCourses = Annotated[Courses, Depends(provided(Courses))]
TheAttendanceService = Annotated[AttendanceService, Depends(provided(AttendanceService))]
TheCertificateService = Annotated[CertificateService, Depends(provided(CertificateService))]
TheCourseService = Annotated[CourseService, Depends(provided(CourseService))]
TheFeedbackService = Annotated[FeedbackService, Depends(provided(FeedbackService))]
