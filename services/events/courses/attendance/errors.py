"""Why an attendance sheet is refused."""

from shared.errors import Conflict


class SessionElsewhere(Conflict):
    code = "course.session_elsewhere"
    vi = "Phiên này không phải là một buổi của khoá học."
    en = "This session is not one of the course's."


class NotEnrolled(Conflict):
    code = "course.not_enrolled"
    vi = "Có người trong danh sách không học khoá này ({registration_id})."
    en = "Somebody on the sheet does not take this course ({registration_id})."
