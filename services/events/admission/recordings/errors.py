"""The errors of recordings."""

from shared.errors import Conflict, NotFound


class RecordingUnknown(NotFound):
    code = "recording.unknown"
    vi = "Buổi này không phải là buổi ghi hình."
    en = "This session is not a recording session."


class NotARecording(Conflict):
    code = "activity.not_a_recording"
    vi = "Hoạt động này không phải là chương trình ghi hình."
    en = "This activity is not a recorded programme."


class EpisodeTaken(Conflict):
    code = "recording.episode_taken"
    vi = "Tập này đã gắn với một buổi ghi hình khác."
    en = "This episode belongs to another session already."
