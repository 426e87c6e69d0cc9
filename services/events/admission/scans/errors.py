"""Why somebody is not let in, where one ticket is shown and one answer wanted."""

from services.events.admission.scans.rules import ScanResult
from services.events.admission.tickets.rules import TicketCancelled, TicketInvalid
from shared.errors import Conflict, DomainError


class TicketBlocked(Conflict):
    code = "ticket.blocked"
    vi = "Vé này đã bị khoá. Mời khách đến quầy hỗ trợ."
    en = "This ticket is blocked. Please send the holder to the help desk."


class WrongKind(Conflict):
    code = "ticket.wrong_kind"
    vi = "Cổng này không nhận loại vé đó."
    en = "This gate does not take tickets of that kind."


class WrongSession(Conflict):
    code = "ticket.wrong_session"
    vi = "Vé này dành cho buổi khác."
    en = "This ticket is for another session."


class NoConsent(Conflict):
    code = "ticket.no_release"
    vi = "Chưa có đủ bản đồng ý ghi hình của mọi người đi theo vé này."
    en = "Not everybody on this ticket has signed the consent to be recorded."


class AlreadyIn(Conflict):
    code = "ticket.already_in"
    vi = "Vé này đã được dùng để vào cửa lúc {admitted_at}."
    en = "This ticket was used to enter at {admitted_at}."


class TooEarly(Conflict):
    code = "ticket.too_early"
    vi = "Cổng chưa mở."
    en = "The gate is not open yet."


class TooLate(Conflict):
    code = "ticket.too_late"
    vi = "Buổi này đã kết thúc."
    en = "This session has ended."


REFUSALS: dict[ScanResult, type[DomainError]] = {
    ScanResult.UNKNOWN: TicketInvalid,
    ScanResult.CANCELLED: TicketCancelled,
    ScanResult.BLOCKED: TicketBlocked,
    ScanResult.WRONG_SESSION: WrongSession,
    ScanResult.WRONG_KIND: WrongKind,
    ScanResult.NO_CONSENT: NoConsent,
    ScanResult.ALREADY_IN: AlreadyIn,
    ScanResult.TOO_EARLY: TooEarly,
    ScanResult.TOO_LATE: TooLate,
}
