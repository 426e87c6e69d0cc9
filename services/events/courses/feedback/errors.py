"""Why feedback is refused."""

from shared.errors import Conflict


class FeedbackTooEarly(Conflict):
    code = "feedback.too_early"
    vi = "Chỉ có thể góp ý sau khi kết thúc."
    en = "You can give feedback after it is over."


class DidNotAttend(Conflict):
    code = "feedback.not_there"
    vi = "Chỉ người đã tham dự mới góp ý được."
    en = "Only those who took part can give feedback."


class FeedbackGiven(Conflict):
    code = "feedback.given"
    vi = "Bạn đã góp ý rồi. Xin cảm ơn."
    en = "You have already given your feedback. Thank you."
