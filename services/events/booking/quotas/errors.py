from shared.errors import Conflict


class CodeTaken(Conflict):
    code = "code.exists"
    vi = "Buổi này đã có mã truy cập đó."
    en = "This session has that access code already."
