"""Errors that several features of the forum raise."""

from shared.errors import NotFound


class InvitationUnknown(NotFound):
    """Also if it was revoked, has expired, was not sent yet, or is for somebody else."""

    code = "invitation.unknown"
    vi = "Không tìm thấy lời mời này, hoặc lời mời không còn hiệu lực."
    en = "There is no such invitation, or it is no longer valid."
