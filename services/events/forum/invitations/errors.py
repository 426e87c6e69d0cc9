"""Why something about an invitation is refused."""

from shared.errors import Conflict, DomainError


class AlreadyInvited(Conflict):
    code = "invitation.exists"
    vi = "Người này đã được mời rồi."
    en = "This person is invited already."


class InvitationSent(Conflict):
    code = "invitation.sent"
    vi = "Lời mời đã gửi: không đổi được người nhận và phiên. Hãy thu hồi rồi mời lại."
    en = "It was sent: its guest and session stay. Revoke it and invite again."


class InvitationRevoked(Conflict):
    code = "invitation.revoked"
    vi = "Lời mời này đã bị thu hồi."
    en = "This invitation was revoked."


class SessionNotReady(Conflict):
    code = "invitation.session_not_ready"
    vi = "Phiên chưa công bố hoặc không có vé khách mời, nên chưa thể gửi lời mời."
    en = "The session is not published or has no tickets for guests, so nobody can be asked yet."


class AnswerClosed(Conflict):
    code = "invitation.closed"
    vi = "Đã hết hạn trả lời ({answer_by}). Hãy liên hệ ban tổ chức."
    en = "Answers were asked for until {answer_by}. Please write to the organisers."


class TooManyCompanions(DomainError):
    status = 422
    code = "invitation.too_many_companions"
    vi = "Lời mời này cho phép tối đa {most} người đi cùng."
    en = "This invitation is for at most {most} companions."


class GuestCameIn(Conflict):
    code = "invitation.admitted"
    vi = "Khách đã vào cửa, không đổi được câu trả lời."
    en = "The guest was let in already; the answer stays."
