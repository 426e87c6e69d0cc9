"""Why feedback is refused."""

from shared.errors import Conflict


class FeedbackTooEarly(Conflict):
    code = "feedback.too_early"
    vi = "Chưa kết thúc nên chưa thể góp ý."
    en = "It is not over yet; feedback can be given afterwards."


class DidNotAttend(Conflict):
    code = "feedback.not_there"
    vi = "Chỉ người đã tham dự mới góp ý được."
    en = "Feedback is for those who were there."


class FeedbackGiven(Conflict):
    code = "feedback.given"
    vi = "Bạn đã góp ý rồi. Xin cảm ơn."
    en = "You have given your feedback already. Thank you."
