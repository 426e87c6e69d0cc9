"""The errors of recordings."""

from shared.errors import Conflict, NotFound


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
