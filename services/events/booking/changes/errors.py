from shared.errors import Conflict


class NoSeatsLeft(Conflict):
    code = "registration.no_room"
    vi = "Không còn đủ chỗ. Đăng ký của bạn vẫn giữ nguyên."
    en = "There is not enough room. Your registration stays as it is."


class CostsMore(Conflict):
    code = "registration.costs_more"
    vi = "Đổi như vậy phải trả thêm {more} đồng. Hãy liên hệ ban tổ chức."
    en = "That costs {more} đồng more. Please ask the organisers."


class StaffOnly(Conflict):
    code = "registration.staff_only"
    vi = "Loại vé này do ban tổ chức xét, hãy liên hệ với họ."
    en = "The organisers decide about this kind of ticket; please ask them."


class Blocked(Conflict):
    code = "registration.blocked"
    vi = "Vé này đang bị khoá."
    en = "This ticket is blocked."
