"""Why the kinds of ticket of a session or course are refused."""

from shared.errors import Conflict, NotFound


class QuotaUnknown(NotFound):
    code = "pool.unknown"
    vi = "Không có nhóm chỗ này."
    en = "There is no such pool of places."


class NoAccount(Conflict):
    code = "fee.no_account"
    vi = "Chưa khai báo tài khoản nhận phí, nên phiên này chưa thể thu phí."
    en = "No account that fees could be paid to is set up, so this session cannot cost anything."
