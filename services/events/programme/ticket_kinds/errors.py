"""Why the kinds of ticket of a session or course are refused."""

from shared.errors import Conflict, NotFound


class QuotaUnknown(NotFound):
    code = "pool.unknown"
    vi = "Không có hạn mức chỗ này."
    en = "There is no such quota of seats."


class NoAccount(Conflict):
    code = "fee.no_account"
    vi = "Chưa khai báo tài khoản nhận phí, nên buổi này chưa thể thu phí."
    en = "No bank account for fees is set up, so this session cannot charge a fee."
