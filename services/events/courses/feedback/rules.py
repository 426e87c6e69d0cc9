"""Feedback on a session or a course: anonymous, once for each person.

Answers are stored without who gave them and when. They are sorted by what they say, so their order
tells nothing either. They are shown in groups of five: comparing the answers before and after the
last one does not tell what one person said. Up to four answers may never be shown.
"""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import ConfigDict, Field

from shared.schema import Schema, example
from shared.text import Prose

SHOWN_TOGETHER = 5  # answers that are shown at the same moment


class FeedbackAnswer(Schema):
    """What somebody thought."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example({"rating": 5, "text": "Nghệ nhân hướng dẫn rất tận tình."}),
    )

    rating: Annotated[int, Field(ge=1, le=5)]
    """From 1 (bad) to 5 (good)."""
    text: Annotated[Prose, Field(max_length=2_000)] = ""
    """In their own words; organisers read it."""


class FeedbackAnswers(NamedTuple):
    """All answers about one session or course."""

    waiting: tuple[FeedbackAnswer, ...] = ()  # not shown yet, fewer than five
    shown: tuple[FeedbackAnswer, ...] = ()

    def add(self, answer: FeedbackAnswer) -> "FeedbackAnswers":
        waiting = _sorted(*self.waiting, answer)
        if len(waiting) < SHOWN_TOGETHER:
            return FeedbackAnswers(waiting, self.shown)
        return FeedbackAnswers((), _sorted(*self.shown, *waiting))


class FeedbackSummary(Schema):
    """The answers that have come into view; of fewer than five there is none."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "answers": 10,
                "average": 4.6,
                "ratings": {"4": 4, "5": 6},
                "texts": ["Nghệ nhân hướng dẫn rất tận tình."],
            }
        )
    )

    answers: int
    """How many answers it is made of."""
    average: float | None
    """The mean of the ratings, 1 to 5."""
    ratings: Mapping[int, int]
    """How many gave each rating."""
    texts: list[str]
    """What they wrote, in no order."""


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
