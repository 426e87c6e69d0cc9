"""Why an attendance sheet is refused."""

from shared.errors import Conflict


class SessionElsewhere(Conflict):
    code = "course.session_elsewhere"
    vi = "Buổi này không thuộc khoá học."
    en = "This session is not one of the course's."


class NotEnrolled(Conflict):
    code = "course.not_enrolled"
    vi = "Có người trong danh sách không ghi danh khoá học này ({registration_id})."
    en = "Somebody on the sheet is not enrolled in this course ({registration_id})."
