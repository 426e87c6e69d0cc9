"""Why something about a payment or a bank statement is refused."""

from shared.errors import Conflict, DomainError, NotFound


class NothingToPay(Conflict):
    code = "fee.nothing_to_pay"
    vi = "Đăng ký này không có khoản nào phải trả."
    en = "There is nothing to pay for this registration."


class StatementUnreadable(DomainError):
    status = 422
    code = "statement.unreadable"
    vi = "Không đọc được sao kê: cần tệp CSV (UTF-8) có cột ngày, số tiền và nội dung."
    en = "The statement cannot be read: a CSV file (UTF-8) with date, amount and text is needed."


class BankLineUnknown(NotFound):
    code = "bank_line.unknown"
    vi = "Không có dòng sao kê này."
    en = "There is no such line in a bank statement."


class BankLineMatched(Conflict):
    code = "bank_line.matched"
    vi = "Dòng sao kê này đã được ghi nhận cho một đăng ký."
    en = "This line of the bank statement has already been matched to a registration."
