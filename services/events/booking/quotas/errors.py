from shared.errors import Conflict, NotFound


class QuotaUnknown(NotFound):
    code = "pool.unknown"
    vi = "Không có nhóm chỗ này."
    en = "There is no such pool of places."


class CodeTaken(Conflict):
    code = "code.exists"
    vi = "Phiên này đã có mã truy cập đó."
    en = "The session has that access code already."
