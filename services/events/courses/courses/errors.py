"""Why something about a course is refused."""

from shared.errors import Conflict, NotFound


class CourseUnknown(NotFound):
    code = "course.unknown"
    vi = "Không tìm thấy khoá học này."
    en = "There is no such course."


class CourseExists(Conflict):
    code = "course.exists"
    vi = "Khoá học của hoạt động này đã được tạo."
    en = "This activity has a course already."


class NotACourse(Conflict):
    code = "course.activity_kind"
    vi = "Hoạt động này không thuộc loại khoá học."
    en = "This activity is not of the kind “course”."


class CourseCancelled(Conflict):
    code = "course.cancelled"
    vi = "Khoá học này đã bị huỷ."
    en = "This course is cancelled."


class NoSessions(Conflict):
    code = "course.no_sessions"
    vi = "Khoá học chưa có buổi nào được công bố."
    en = "None of the course's sessions has been published yet."


class TooManyForSessions(Conflict):
    code = "course.over_session_capacity"
    vi = "Số chỗ của khoá học vượt số chỗ của một buổi ({session_capacity})."
    en = "The course has more seats than one of its sessions ({session_capacity})."


class CourseNotOver(Conflict):
    code = "course.not_over"
    vi = "Khoá học chưa kết thúc."
    en = "The course is not over yet."
