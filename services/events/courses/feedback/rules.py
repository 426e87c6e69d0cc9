"""What people thought of a session or a course: anonymous, once each.

Answers lie in a box, apart from who gave one. They are kept in order of what they say, so that
nobody can tell who came when; and they come into view five at a time, so that nobody can tell what
the last one said by looking before and after it. Up to four answers may so stay unseen for good.
"""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from shared.text import Prose

TOGETHER = 5  # answers come into view


class FeedbackAnswer(BaseModel):
    model_config = ConfigDict(frozen=True)

    rating: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[Prose, Field(max_length=2_000)] = ""


class FeedbackSubject(NamedTuple):
    waiting: tuple[FeedbackAnswer, ...] = ()  # fewer than five
    shown: tuple[FeedbackAnswer, ...] = ()

    def put(self, answer: FeedbackAnswer) -> "FeedbackSubject":
        waiting = _in_order(*self.waiting, answer)
        if len(waiting) < TOGETHER:
            return FeedbackSubject(waiting, self.shown)
        return FeedbackSubject((), _in_order(*self.shown, *waiting))


class Summary(BaseModel):
    """Of the answers that have come into view; of fewer than five there is none."""

    answers: int
    average: float | None  # of the ratings, 1 to 5
    ratings: Mapping[int, int]  # how many gave each
    texts: list[str]


def summary(box: FeedbackSubject) -> Summary:
    ratings = [one.rating for one in box.shown]
    return Summary(
        answers=len(ratings),
        average=round(sum(ratings) / len(ratings), 2) if ratings else None,
        ratings={rating: ratings.count(rating) for rating in range(1, 6)},
        texts=sorted(one.text for one in box.shown if one.text),
    )


def _in_order(*answers: FeedbackAnswer) -> tuple[FeedbackAnswer, ...]:
    return tuple(sorted(answers, key=lambda one: (one.rating, one.text)))
