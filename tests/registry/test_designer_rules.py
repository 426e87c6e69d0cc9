"""A designer's profile, as rules: written, submitted, approved or returned."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.designers.rules import (
    AlreadySubmitted,
    Approve,
    Draft,
    NothingNew,
    NothingToReview,
    ProfileContent,
    ProfileUnknown,
    Return,
    Status,
    Submit,
    decide,
)
from shared.contracts.registry import DesignerApproved, DesignerReturned, DesignerSubmitted
from shared.ids import new_id
from shared.testing.scenarios import given

HER = new_id()
FIRST = ProfileContent(display_name="Bùi Thị Đường", bio="Gốm Bát Tràng", disciplines=("craft",))
SECOND = FIRST.model_copy(update={"bio": "Gốm và giấy dó", "disciplines": ("craft", "graphic")})
DRAFT, REDRAFT = Draft(HER, FIRST), Draft(HER, SECOND)
SUBMITTED = DesignerSubmitted(designer_id=HER)
RETURNED = DesignerReturned(designer_id=HER)


def test_a_draft_is_nobody_elses_business() -> None:
    profile = given(decide).when(DRAFT).then()
    assert (profile.status, profile.published) == (Status.DRAFT, None)


def test_a_submitted_draft_waits_for_a_registrar() -> None:
    profile = given(decide, DRAFT).when(Submit()).then(SUBMITTED)
    assert (profile.status, profile.published) == (Status.SUBMITTED, None)


def test_approval_publishes_what_was_submitted() -> None:
    approved = DesignerApproved(designer_id=HER, disciplines=("craft",))
    profile = given(decide, DRAFT, Submit()).when(Approve()).then(approved)
    assert (profile.status, profile.published) == (Status.APPROVED, FIRST)


def test_a_returned_profile_says_why_and_is_not_published() -> None:
    profile = given(decide, DRAFT, Submit()).when(Return("Thiếu ảnh sản phẩm")).then(RETURNED)
    assert (profile.status, profile.note) == (Status.RETURNED, "Thiếu ảnh sản phẩm")
    assert profile.published is None


def test_a_returned_profile_is_mended_and_submitted_again() -> None:
    returned = (DRAFT, Submit(), Return("Thiếu ảnh"))
    mended = given(decide, *returned).when(REDRAFT).then()
    assert (mended.status, mended.note) == (Status.DRAFT, None)
    given(decide, *returned, REDRAFT).when(Submit()).then(SUBMITTED)
    given(decide, *returned).when(Submit()).then(SUBMITTED)


def test_what_is_public_stays_while_the_next_text_is_written_and_reviewed() -> None:
    approved = (DRAFT, Submit(), Approve())
    for history in (
        (*approved, REDRAFT),
        (*approved, REDRAFT, Submit()),
        (*approved, REDRAFT, Submit(), Return("Chưa đạt")),
    ):
        profile = given(decide, *history).state
        assert profile is not None
        assert (profile.published, profile.content) == (FIRST, SECOND)
    second = DesignerApproved(designer_id=HER, disciplines=("craft", "graphic"))
    profile = given(decide, *approved, REDRAFT, Submit()).when(Approve()).then(second)
    assert profile.published == SECOND


@pytest.mark.parametrize("history", [(), (Submit(), Approve())], ids=["draft", "approved"])
def test_writing_the_same_text_again_changes_nothing(history: tuple[object, ...]) -> None:
    before = given(decide, DRAFT, *history)
    assert before.when(DRAFT).then() == before.state


def test_text_under_review_cannot_change() -> None:
    under_review = given(decide, DRAFT, Submit())
    under_review.when(REDRAFT).then_refused(AlreadySubmitted)
    under_review.when(DRAFT).then_refused(AlreadySubmitted)
    under_review.when(Submit()).then_refused(AlreadySubmitted)


def test_an_approved_profile_with_nothing_new_is_not_submitted_again() -> None:
    given(decide, DRAFT, Submit(), Approve()).when(Submit()).then_refused(NothingNew)


@pytest.mark.parametrize("review", [Approve(), Return("vì sao")], ids=["approve", "return"])
@pytest.mark.parametrize(
    "history",
    [(), (Submit(), Approve()), (Submit(), Return("Thiếu ảnh"))],
    ids=["draft", "approved", "returned"],
)
def test_only_what_was_submitted_is_reviewed(history: tuple[object, ...], review: object) -> None:
    given(decide, DRAFT, *history).when(review).then_refused(NothingToReview)


@pytest.mark.parametrize("command", [Submit(), Approve(), Return("x")], ids=repr)
def test_a_profile_that_was_never_written_is_unknown(command: object) -> None:
    given(decide).when(command).then_refused(ProfileUnknown)


@pytest.mark.parametrize(
    "changes",
    [
        {"display_name": ""},
        {"display_name": "x" * 201},
        {"bio": "x" * 20_001},
        {"disciplines": ()},
        {"disciplines": ("craft",) * 11},
        {"disciplines": ("Gốm",)},
        {"disciplines": ("craft\n",)},
        {"links": ("javascript:alert(1)",)},
        {"links": ("https://hanoi.example",) * 11},
        {"links": ("/trang-chủ",)},
    ],
    ids=lambda changes: str(changes)[:50],
)
def test_content_has_limits(changes: dict[str, Any]) -> None:
    good = FIRST.model_dump()
    ProfileContent.model_validate(good)
    with pytest.raises(ValidationError):
        ProfileContent.model_validate(good | changes)
