from shared.errors import Conflict


class CodeTaken(Conflict):
    code = "code.exists"
    vi = "Phiên này đã có mã truy cập đó."
    en = "The session has that access code already."
