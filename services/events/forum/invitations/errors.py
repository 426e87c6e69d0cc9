"""Why something about an invitation is refused."""

from shared.errors import Conflict, DomainError


class AlreadyInvited(Conflict):
    code = "invitation.exists"
    vi = "Người này đã được mời rồi."
    en = "This person has already been invited."


class InvitationSent(Conflict):
    code = "invitation.sent"
    vi = "Lời mời đã gửi: không đổi được người nhận và buổi. Hãy thu hồi rồi mời lại."
    en = "It was sent: its guest and session cannot change. Revoke it, then invite again."


class InvitationRevoked(Conflict):
    code = "invitation.revoked"
    vi = "Lời mời này đã bị thu hồi."
    en = "This invitation has been revoked."


class SessionNotReady(Conflict):
    code = "invitation.session_not_ready"
    vi = "Buổi này chưa công bố hoặc không có vé khách mời, nên chưa thể gửi lời mời."
    en = "The session is not published or has no guest tickets, so nobody can be invited yet."


class AnswerClosed(Conflict):
    code = "invitation.closed"
    vi = "Đã hết hạn trả lời ({answer_by}). Hãy liên hệ ban tổ chức."
    en = "The deadline for answers has passed ({answer_by}). Please contact the organisers."


class TooManyCompanions(DomainError):
    status = 422
    code = "invitation.too_many_companions"
    vi = "Lời mời này cho phép tối đa {most} người đi cùng."
    en = "This invitation allows at most {most} companions."


class GuestCameIn(Conflict):
    code = "invitation.admitted"
    vi = "Khách đã vào cửa, không đổi được câu trả lời."
    en = "The guest has already been admitted, so the answer cannot be changed."
