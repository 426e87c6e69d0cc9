"""Scores and ranking, as rules."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.applications.calls import rules as calls
from services.applications.calls.rules import Call, CallFacts, NotJudging
from services.applications.reviews.rules import (
    GiveScores,
    Review,
    Score,
    ScoreFinal,
    ScoresMissing,
    decide,
    rank,
    weighted,
)
from shared.errors import InvalidInput
from shared.ids import new_id
from shared.testing.scenarios import NOON, given

LAN, MINH = new_id(), new_id()
FACTS = CallFacts(
    title={"vi": "Thiết kế"},
    form={},
    criteria=[
        {"key": "idea", "label": {"vi": "Ý tưởng"}, "weight": 3},
        {"key": "use", "label": {"vi": "Công năng"}, "weight": 1},
    ],
    jurors=[LAN, MINH],
    opens_at=NOON - timedelta(days=1),
    closes_at=NOON,
)


def call_in(*history: object) -> Call:
    state = given(calls.decide, calls.WriteCall(new_id(), FACTS), *history, at=NOON).state
    assert state is not None
    return state


OPEN, JUDGING = call_in(calls.Open()), call_in(calls.Open(), calls.Close())


def give(call: Call = JUDGING, **scores: int) -> GiveScores:
    return GiveScores(new_id(), call, "ABCDEF", LAN, scores, "Rất sáng tạo")


def test_a_juror_scores_every_criterion() -> None:
    review = given(decide).when(give(idea=80, use=60)).then()
    assert (review.scores, review.juror_id) == ({"idea": 80, "use": 60}, LAN)


def test_a_score_is_final() -> None:
    given(decide, give(idea=80, use=60)).when(give(idea=80, use=60)).then_refused(ScoreFinal)


def test_scores_are_given_while_the_call_is_judged() -> None:
    decided = call_in(calls.Open(), calls.Close(), calls.Decide((), "Không trao giải"))
    for call in (OPEN, decided):
        given(decide).when(give(call, idea=1, use=1)).then_refused(NotJudging)


@pytest.mark.parametrize(
    ("scores", "errors"),
    [
        ({}, [("/scores/idea", "score.missing"), ("/scores/use", "score.missing")]),
        ({"idea": 1}, [("/scores/use", "score.missing")]),
        (
            {"idea": 1, "use": 1, "a/b~c": 1},
            [("/scores/a~1b~0c", "score.unknown_criterion")],
        ),
    ],
    ids=str,
)
def test_every_criterion_is_scored_and_no_other(
    scores: dict[str, int], errors: list[tuple[str, str]]
) -> None:
    refused = given(decide).when(give(**scores)).then_refused(InvalidInput)
    assert isinstance(refused, InvalidInput)
    assert [(field.pointer, field.code) for field in refused.fields] == errors


@pytest.mark.parametrize("score", [-1, 101, 50.5, "nhiều", None])
def test_a_score_is_a_whole_number_from_0_to_100(score: Any) -> None:
    adapter = TypeAdapter(Score)
    assert [adapter.validate_python(good) for good in (0, 100)] == [0, 100]
    with pytest.raises(ValidationError):
        adapter.validate_python(score)


def review(code: str, juror: object, idea: int, use: int) -> Review:
    return Review(
        id=new_id(),
        call_id=JUDGING.id,
        code=code,
        juror_id=juror,
        scores={"idea": idea, "use": use},
        comment="",
        given_at=NOON,
    )


def test_criteria_weigh_what_the_call_says() -> None:
    assert weighted(JUDGING, review("A", LAN, 100, 0)) == 75
    assert weighted(JUDGING, review("A", LAN, 0, 100)) == 25


def test_the_ranking_is_by_the_mean_of_the_jurors_and_then_by_code() -> None:
    reviews = [
        review("CCC", LAN, 80, 80), review("CCC", MINH, 60, 60),
        review("AAA", LAN, 70, 70), review("AAA", MINH, 70, 70),
        review("BBB", LAN, 100, 100), review("BBB", MINH, 99, 98),
    ]  # fmt: skip
    ranking = rank(JUDGING, ["CCC", "AAA", "BBB"], reviews, awarded=["AAA"])
    found = [(outcome.code, outcome.score, outcome.awarded) for outcome in ranking]
    assert found == [("BBB", 99.38, False), ("AAA", 70, True), ("CCC", 70, False)]


def test_there_is_no_ranking_before_every_juror_has_scored_every_entry() -> None:
    reviews = [review("AAA", LAN, 1, 1), review("AAA", MINH, 1, 1), review("BBB", LAN, 1, 1)]
    with pytest.raises(ScoresMissing) as refused:
        rank(JUDGING, ["AAA", "BBB", "CCC"], reviews)
    assert refused.value.parameters == {"missing": "BBB, CCC"}
    # Nobody else's score stands in for a juror's.
    stranger = [*reviews, review("BBB", new_id(), 1, 1)]
    with pytest.raises(ScoresMissing):
        rank(JUDGING, ["AAA", "BBB"], stranger)


def test_a_call_nobody_entered_has_an_empty_ranking() -> None:
    assert rank(JUDGING, [], []) == ()


points = st.integers(0, 100)


@forall(st.dictionaries(st.text("ABC", min_size=1), st.tuples(*[points] * 4), max_size=8))
def test_a_ranking_holds_each_entry_once_in_falling_order(
    scores: dict[str, tuple[int, int, int, int]],
) -> None:
    reviews = [
        review(code, juror, *pair)
        for code, (a, b, c, d) in scores.items()
        for juror, pair in ((LAN, (a, b)), (MINH, (c, d)))
    ]
    ranking = rank(JUDGING, list(scores), reviews)
    assert sorted(outcome.code for outcome in ranking) == sorted(scores)
    assert [o.score for o in ranking] == sorted((o.score for o in ranking), reverse=True)
    assert all(0 <= outcome.score <= 100 for outcome in ranking)
