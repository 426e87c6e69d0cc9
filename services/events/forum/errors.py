"""What is refused in more than one feature of the forum."""

from shared.errors import NotFound


class InvitationUnknown(NotFound):
    """Also: revoked, expired, not sent yet, or somebody else's."""

    code = "invitation.unknown"
    vi = "Không tìm thấy lời mời này, hoặc lời mời không còn hiệu lực."
    en = "There is no such invitation, or it is no longer good."
