"""Feedback on a session or a course: anonymous, once for each person.

Answers are stored without who gave them and when. They are sorted by what they say, so their order
tells nothing either. They are shown in groups of five: comparing the answers before and after the
last one does not tell what one person said. Up to four answers may never be shown.
"""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from shared.text import Prose

SHOWN_TOGETHER = 5  # answers that are shown at the same moment


class FeedbackAnswer(BaseModel):
    model_config = ConfigDict(frozen=True)

    rating: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[Prose, Field(max_length=2_000)] = ""


class FeedbackAnswers(NamedTuple):
    """All answers about one session or course."""

    waiting: tuple[FeedbackAnswer, ...] = ()  # not shown yet, fewer than five
    shown: tuple[FeedbackAnswer, ...] = ()

    def add(self, answer: FeedbackAnswer) -> "FeedbackAnswers":
        waiting = _sorted(*self.waiting, answer)
        if len(waiting) < SHOWN_TOGETHER:
            return FeedbackAnswers(waiting, self.shown)
        return FeedbackAnswers((), _sorted(*self.shown, *waiting))


class FeedbackSummary(BaseModel):
    """A summary of the answers that are shown. It is empty while there are fewer than five."""

    answers: int
    average: float | None  # of the ratings, 1 to 5
    ratings: Mapping[int, int]  # how many gave each
    texts: list[str]


def summarise(answers: FeedbackAnswers) -> FeedbackSummary:
    ratings = [one.rating for one in answers.shown]
    return FeedbackSummary(
        answers=len(ratings),
        average=round(sum(ratings) / len(ratings), 2) if ratings else None,
        ratings={rating: ratings.count(rating) for rating in range(1, 6)},
        texts=sorted(one.text for one in answers.shown if one.text),
    )


def _sorted(*answers: FeedbackAnswer) -> tuple[FeedbackAnswer, ...]:
    return tuple(sorted(answers, key=lambda one: (one.rating, one.text)))
