"""The errors of consents."""

from shared.errors import Conflict, DomainError


class NoFormYet(Conflict):
    code = "release.no_form"
    vi = "Ban tổ chức chưa đưa ra bản đồng ý ghi hình."
    en = "The organisers have given no release form yet."


class AnotherForm(Conflict):
    code = "release.another_form"
    vi = "Bản đồng ý đã thay đổi (phiên bản {version}). Hãy đọc lại rồi ký."
    en = "The form has changed (version {version}). Read it again, then sign."


class EverybodySigns(DomainError):
    status = 422
    code = "release.everybody"
    vi = "Bản đồng ý cần đủ {size} người của đăng ký này."
    en = "The form has to name all {size} of this registration."


class NothingSigned(Conflict):
    code = "release.none"
    vi = "Chưa có bản đồng ý nào để rút lại."
    en = "There is nothing signed that could be withdrawn."
