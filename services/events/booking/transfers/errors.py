from shared.errors import Conflict, NotFound


class TransferUnknown(NotFound):
    code = "transfer.unknown"
    vi = "Mã chuyển nhượng không đúng, đã dùng, đã thu hồi hoặc đã hết hạn."
    en = "This transfer code is wrong, has been used or withdrawn, or has expired."


class NothingToTransfer(Conflict):
    code = "transfer.nothing"
    vi = "Chỉ chuyển nhượng được đăng ký đã xác nhận."
    en = "Only a confirmed registration can be transferred."


class TransferToSelf(Conflict):
    code = "transfer.to_self"
    vi = "Bạn không thể nhận vé của chính mình."
    en = "You cannot take over your own ticket."
