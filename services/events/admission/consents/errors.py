"""The errors of consents."""

from shared.errors import Conflict, DomainError


class NoFormYet(Conflict):
    code = "release.no_form"
    vi = "Ban tổ chức chưa công bố bản đồng ý ghi hình."
    en = "The organisers have not published the consent form yet."


class AnotherForm(Conflict):
    code = "release.another_form"
    vi = "Bản đồng ý đã thay đổi (phiên bản {version}). Hãy đọc lại rồi ký."
    en = "The consent form has changed (version {version}). Please read it again, then sign."


class EverybodySigns(DomainError):
    status = 422
    code = "release.everybody"
    vi = "Bản đồng ý cần ghi đủ tên {size} người của đăng ký này."
    en = "The consent form has to name all {size} people of this registration."


class NothingSigned(Conflict):
    code = "release.none"
    vi = "Chưa có bản đồng ý nào để rút lại."
    en = "There is no signed consent to withdraw."
