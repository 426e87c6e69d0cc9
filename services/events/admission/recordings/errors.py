"""What recordings and their release forms refuse, and why."""

from shared.errors import Conflict, DomainError, NotFound


class RecordingUnknown(NotFound):
    code = "recording.unknown"
    vi = "Phiên này không phải buổi ghi hình."
    en = "This session is not a recording."


class NotARecording(Conflict):
    code = "activity.not_a_recording"
    vi = "Hoạt động này không phải chương trình ghi hình."
    en = "This activity is not a recording."


class EpisodeTaken(Conflict):
    code = "recording.episode_taken"
    vi = "Tập này đã gắn với một phiên ghi hình khác."
    en = "Another session records this episode."


class NoFormYet(Conflict):
    code = "release.no_form"
    vi = "Ban tổ chức chưa đưa ra bản đồng ý ghi hình."
    en = "The organisers have given no release form yet."


class AnotherForm(Conflict):
    code = "release.another_form"
    vi = "Bản đồng ý đã thay đổi (phiên bản {version}). Hãy đọc lại rồi ký."
    en = "The form has changed (version {version}). Read it again, then sign."


class EverybodySigns(DomainError):
    status = 422
    code = "release.everybody"
    vi = "Bản đồng ý cần đủ {size} người của đăng ký này."
    en = "The form has to name all {size} of this registration."


class NothingSigned(Conflict):
    code = "release.none"
    vi = "Chưa có bản đồng ý nào để rút lại."
    en = "There is nothing signed that could be withdrawn."
