"""Scores: each juror scores alone, by criterion; entries are ranked by the weighted mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.applications.calls.rules import Call, CallStatus, NotJudging, Outcome
from shared.aggregates import Aggregate, Decision
from shared.errors import Conflict, FieldError, InvalidInput, pointer
from shared.text import Prose

Score = Annotated[int, Field(ge=0, le=100)]


class ScoresMissing(Conflict):
    code = "call.scores_missing"
    vi = "Còn thiếu điểm: {missing}."
    en = "Scores are missing: {missing}."


class ScoreFinal(Conflict):
    code = "score.final"
    vi = "Điểm đã khoá."
    en = "This score is final."


class Review(Aggregate):
    """The scores of one juror for one entry. They are final."""

    call_id: UUID
    code: str  # the entry's
    juror_id: UUID
    scores: dict[str, Score]
    comment: Prose
    given_at: datetime


@dataclass(frozen=True, slots=True)
class GiveScores:
    review_id: UUID
    call: Call
    code: str
    juror_id: UUID
    scores: Mapping[str, int]
    comment: str


def decide(review: Review | None, command: GiveScores, now: datetime) -> Decision[Review]:
    if command.call.status is not CallStatus.JUDGING:
        raise NotJudging
    if review is not None:
        raise ScoreFinal
    wanted = {criterion.key for criterion in command.call.facts.criteria}
    wrong = wanted ^ set(command.scores)
    if wrong:
        raise InvalidInput(
            *(
                FieldError(
                    "body",
                    pointer("scores", key),
                    "score.missing" if key in wanted else "score.unknown_criterion",
                    "Thiếu điểm." if key in wanted else "Không có tiêu chí này.",
                    "A score is missing." if key in wanted else "There is no such criterion.",
                )
                for key in sorted(wrong)
            )
        )
    return Decision(
        Review(
            id=command.review_id,
            call_id=command.call.id,
            code=command.code,
            juror_id=command.juror_id,
            scores=dict(command.scores),
            comment=command.comment,
            given_at=now,
        )
    )


def weighted(call: Call, review: Review) -> float:
    """One juror's score of one entry, 0 to 100."""
    weights = {criterion.key: criterion.weight for criterion in call.facts.criteria}
    total = sum(weights.values())
    return sum(review.scores[key] * weight for key, weight in weights.items()) / total


def rank(
    call: Call, codes: Sequence[str], reviews: Sequence[Review], awarded: Sequence[str] = ()
) -> tuple[Outcome, ...]:
    """Entries by the mean of the jurors' scores, the best first; equal scores by code.

    Raises `ScoresMissing` while a juror has not scored an entry.
    """
    given: dict[str, list[Review]] = {code: [] for code in codes}
    for review in reviews:
        if review.code in given:
            given[review.code].append(review)
    jurors = set(call.facts.jurors)
    missing = [c for c, found in given.items() if {r.juror_id for r in found} != jurors]
    if missing:
        raise ScoresMissing(missing=", ".join(sorted(missing)[:10]))
    outcomes = [
        Outcome(
            code=code,
            score=round(fmean(weighted(call, review) for review in found), 2),
            awarded=code in awarded,
        )
        for code, found in given.items()
    ]
    return tuple(sorted(outcomes, key=lambda outcome: (-outcome.score, outcome.code)))
