from shared.errors import Conflict


class NoSeatsLeft(Conflict):
    code = "registration.no_room"
    vi = "Không còn đủ chỗ. Đăng ký của bạn vẫn giữ nguyên."
    en = "There are not enough seats. Your registration has not changed."


class CostsMore(Conflict):
    code = "registration.costs_more"
    vi = "Thay đổi này cần trả thêm {more} đồng. Hãy liên hệ ban tổ chức."
    en = "This change costs {more} đồng more. Please contact the organisers."


class StaffOnly(Conflict):
    code = "registration.staff_only"
    vi = "Loại vé này do ban tổ chức quyết định. Hãy liên hệ ban tổ chức."
    en = "The organisers decide about this kind of ticket. Please contact them."


class Blocked(Conflict):
    code = "registration.blocked"
    vi = "Vé này đang bị khoá."
    en = "This ticket is blocked."
