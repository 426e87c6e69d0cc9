"""An invitation's life, told as stories."""

from datetime import timedelta
from typing import Any

import pytest

from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations.errors import (
    AnswerClosed,
    InvitationRevoked,
    InvitationSent,
    TooManyCompanions,
)
from services.events.forum.invitations.rules import (
    Answer,
    Draft,
    Forget,
    Invitation,
    InvitationFacts,
    InvitationStatus,
    Open,
    Reply,
    Revoke,
    Send,
    decide,
)
from shared.ids import new_id
from shared.testing.scenarios import NOON, given

KEY, EDITION, FORUM, LAN = (new_id() for _ in range(4))
DAY = timedelta(days=1)


def facts(**changes: Any) -> InvitationFacts:
    found = {"companions": 1, "answer_by": NOON + DAY, "expires_at": NOON + 9 * DAY}
    return InvitationFacts.model_validate(found | changes)


DRAFT = Draft(KEY, EDITION, FORUM, facts())
SEND = Send(b"a hash")
YES, NO, MAYBE = (
    Answer(Reply.YES, "Nguyễn Thị Hồng Ngọc", ("Lê Đức Thịnh",)),
    Answer(Reply.NO),
    Answer(Reply.MAYBE, "Nguyễn Thị Hồng Ngọc"),
)


@pytest.mark.parametrize(
    ("history", "command", "outcome"),
    [
        ([], YES, InvitationUnknown),
        ([DRAFT], YES, InvitationUnknown),
        ([DRAFT], SEND, InvitationStatus.SENT),
        ([DRAFT, SEND], Open(), InvitationStatus.OPENED),
        ([DRAFT, SEND], YES, InvitationStatus.ACCEPTED),
        ([DRAFT, SEND, Open()], YES, InvitationStatus.ACCEPTED),
        ([DRAFT, SEND, Open()], NO, InvitationStatus.DECLINED),
        ([DRAFT, SEND, Open()], MAYBE, InvitationStatus.TENTATIVE),
        ([DRAFT, SEND, YES], NO, InvitationStatus.DECLINED),
        ([DRAFT, SEND, NO], YES, InvitationStatus.ACCEPTED),
        ([DRAFT, SEND, YES], Open(), InvitationStatus.ACCEPTED),
        ([DRAFT, SEND, YES], SEND, InvitationStatus.ACCEPTED),
        ([DRAFT, SEND, YES], Revoke(), InvitationStatus.REVOKED),
        ([DRAFT, SEND, Revoke()], YES, InvitationUnknown),
        ([DRAFT, SEND, Revoke()], SEND, InvitationRevoked),
        ([DRAFT, SEND, Revoke()], DRAFT, InvitationRevoked),
        ([DRAFT, SEND], Answer(Reply.YES, "Ngọc", ("Một", "Hai")), TooManyCompanions),
        ([DRAFT], Draft(KEY, EDITION, FORUM, facts(person_id=LAN)), InvitationStatus.DRAFTED),
        ([DRAFT, SEND], Draft(KEY, EDITION, FORUM, facts(person_id=LAN)), InvitationSent),
        ([DRAFT, SEND], Draft(KEY, EDITION, FORUM, facts(companions=5)), InvitationStatus.SENT),
    ],
)
def test_an_invitations_life(history: list[Any], command: Any, outcome: Any) -> None:
    asked = given(decide, *history).when(command)
    if isinstance(outcome, InvitationStatus):
        assert asked.then().status is outcome
    else:
        asked.then_refused(outcome)


def test_the_deadline_is_a_moment() -> None:
    story = given(decide, DRAFT, SEND)
    assert story.when(YES, at=NOON + DAY - timedelta(milliseconds=1)).then()
    story.when(YES, at=NOON + DAY).then_refused(AnswerClosed)


def test_every_answer_is_kept_and_the_same_one_sent_again_is_none() -> None:
    after: Invitation = given(decide, DRAFT, SEND, MAYBE, NO, NO, YES, YES).when(Open()).then()
    assert [(one.reply, one.companions) for one in after.history] == [
        (Reply.MAYBE, 0),
        (Reply.NO, 0),
        (Reply.YES, 1),
    ]
    assert "Ngọc" not in after.model_dump_json(include={"history"})


def test_names_are_erased_and_the_answer_stays() -> None:
    after: Invitation = given(decide, DRAFT, SEND, YES).when(Forget()).then()
    assert after.status is InvitationStatus.ACCEPTED
    assert "Ngọc" not in after.model_dump_json()
    assert "Thịnh" not in after.model_dump_json()
    assert given(decide, DRAFT).when(Forget()).then().said is None


def test_a_link_that_ends_before_answers_are_due_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="before answer_by"):
        facts(expires_at=NOON)
