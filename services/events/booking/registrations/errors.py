"""What is refused about registrations, and why."""

from shared.errors import Conflict, DomainError, NotFound


class RegistrationUnknown(NotFound):
    code = "registration.unknown"
    vi = "Không tìm thấy đăng ký này."
    en = "There is no such registration."


class AlreadyRegistered(Conflict):
    code = "registration.exists"
    vi = "Bạn đã đăng ký buổi này rồi."
    en = "You have already registered for this session."


class NotOpen(Conflict):
    code = "registration.not_open"
    vi = "Buổi này chưa mở đăng ký."
    en = "Registration for this session is not open yet."


class Closed(Conflict):
    code = "registration.closed"
    vi = "Buổi này đã đóng đăng ký."
    en = "Registration for this session is closed."


class KindUnknown(DomainError):
    status = 422
    code = "registration.kind_unknown"
    vi = "Buổi này không có loại vé đó."
    en = "This session has no tickets of that kind."


class CodeWrong(DomainError):
    status = 422
    code = "registration.code_wrong"
    vi = "Mã truy cập không đúng, hoặc loại vé này cần mã truy cập."
    en = "The access code is wrong, or this kind of ticket needs one."


class GroupTooLarge(DomainError):
    status = 422
    code = "registration.group_too_large"
    vi = "Số người vượt quá tổng số chỗ ({capacity})."
    en = "The group has more people than there are seats ({capacity})."


class AlreadyAdmitted(Conflict):
    code = "registration.admitted"
    vi = "Người này đã vào cửa, không huỷ được."
    en = "The holder has already been admitted, so this cannot be cancelled."


class NotOnWaitingList(Conflict):
    code = "registration.not_in_line"
    vi = "Đăng ký này không ở trong danh sách chờ."
    en = "This registration is not on the waiting list."


class SessionBegun(Conflict):
    code = "registration.session_begun"
    vi = "Buổi này đã bắt đầu."
    en = "This session has begun."


class TooManyNames(DomainError):
    status = 422
    code = "registration.too_many_names"
    vi = "Số tên vượt quá số người đi cùng ({most})."
    en = "There are more names than companions ({most})."


class AnswersNeeded(DomainError):
    status = 422
    code = "form.answers_needed"
    vi = "Hãy trả lời các câu hỏi của buổi này trước khi xác nhận."
    en = "Please answer the session's questions before you confirm."


class NotConfirmed(Conflict):
    code = "registration.not_confirmed"
    vi = "Đăng ký này chưa được xác nhận."
    en = "This registration is not confirmed."


class NothingToConfirm(Conflict):
    code = "registration.nothing_to_confirm"
    vi = "Đăng ký này không ở trạng thái chờ xác nhận."
    en = "This registration is not waiting to be confirmed."


class Expired(Conflict):
    code = "registration.expired"
    vi = "Đã quá hạn giữ chỗ."
    en = "The time for which the seat was kept has passed."


class NotExpired(Conflict):
    code = "registration.not_expired"
    vi = "Chỗ này vẫn còn được giữ."
    en = "The seat is still being kept."
