"""What is a form, and what it means for a registration, as rules."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.booking.forms.rules import Answer, check_labels
from services.events.booking.quotas.rules import BookableTerms, Quota, TicketKindTerms
from services.events.booking.registrations.commands import Confirm, Register
from services.events.booking.registrations.errors import AnswersNeeded, Closed, NotConfirmed
from services.events.booking.registrations.rules import RegistrationContext
from services.events.booking.registrations.state import Answers, Registration, Status
from services.events.booking.waiting_list.rules import ANSWER_WITHIN, seated
from services.events.programme.ticket_kinds.rules import TicketKind
from shared.errors import InvalidInput
from shared.roles import Role
from shared.testing.running import Running
from shared.testing.scenarios import NOON
from tests.events.booking.test_forms import MEAL, pointers
from tests.events.booking.test_registration_rules import HOUR, decide, sign
from tests.events.programme.sample_programme import published_session


def labelled(**question: Any) -> dict[str, Any]:
    return {"labels": {"vi": "Câu hỏi"}, **question}


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "string"}, "/questions/type"),
        ({"type": "object", "properties": {"a": {}}}, "/questions/properties/a/labels"),
        (
            {"type": "object", "properties": {"a": {"labels": {"en": "Only English"}}}},
            "/questions/properties/a/labels",
        ),
        (
            {"type": "object", "properties": {"a": labelled(hints="nothing")}},
            "/questions/properties/a/hints",
        ),
        (
            {"type": "object", "then": {"properties": {"a/b": {}}}},
            "/questions/then/properties/a~1b/labels",
        ),
        (
            {"type": "object", "allOf": [{"else": {"properties": {"a": {}}}}]},
            "/questions/allOf/0/else/properties/a/labels",
        ),
        (
            {
                "type": "object",
                "properties": {"a": labelled(items={"properties": {"b": {"type": "string"}}})},
            },
            "/questions/properties/a/items/properties/b/labels",
        ),
        ({"type": "object", "properties": {"a": {"type": "nonsense"}}}, "/questions"),
        ({"type": "object", "$ref": "http://127.0.0.1:9/form.json"}, "/questions"),
        ({"type": "object", "properties": {"a": labelled(pattern="(")}}, "/questions"),
    ],
)
async def test_what_is_no_form(service: Running, schema: dict[str, Any], pointer: str) -> None:
    session = await published_session(service)
    async with service.as_(Role.ORGANISER) as staff:
        answer = await staff.put(f"/v1/sessions/{session}/form", json={"questions": schema})
        assert pointers(answer) == [pointer]


def test_a_branch_may_tighten_a_question_that_is_labelled_elsewhere() -> None:
    tightened = {"then": {"properties": {"meal": {"const": "chay"}}}}
    check_labels(MEAL | {"allOf": [tightened]}, "questions")
    with pytest.raises(InvalidInput):
        check_labels({"type": "object", **tightened}, "questions")


SESSION, LAN, MINE = (UUID(int=n) for n in range(1, 4))
GIVEN = Answers(1, "{}", NOON)


ANYBODY = TicketKindTerms((SESSION,))


def context(
    mine: Registration | None = None, kind: TicketKindTerms = ANYBODY
) -> RegistrationContext:
    kinds = {TicketKind.GENERAL: kind}
    terms = BookableTerms(SESSION, "session", NOON - HOUR, NOON + HOUR, kinds, asks=True)
    return RegistrationContext(terms, {SESSION: Quota(SESSION, 5)}, mine, sign)


def having(status: Status, answers: Answers | None = None) -> Registration:
    return Registration(
        MINE, SESSION, "session", LAN, status, NOON, quotas=(SESSION,), answers=answers
    )


def test_nothing_is_confirmed_without_answers_but_by_staff() -> None:
    with pytest.raises(AnswersNeeded):
        decide(context(), Register(MINE, SESSION, LAN), NOON)
    assert (
        decide(context(), Register(MINE, SESSION, LAN, answers=GIVEN), NOON).state.answers == GIVEN
    )
    for status in (Status.HELD, Status.OFFERED):
        with pytest.raises(AnswersNeeded):
            decide(context(having(status)), Confirm(SESSION, LAN), NOON)
        after = decide(context(having(status, GIVEN)), Confirm(SESSION, LAN), NOON).state
        assert after.status is Status.CONFIRMED


def test_who_waited_without_answering_is_offered_the_place() -> None:
    after = seated(context(), having(Status.WAITING), NOON).state
    assert (after.status, after.expires_at) == (Status.OFFERED, NOON + ANSWER_WITHIN)
    answered = seated(context(), having(Status.WAITING, GIVEN), NOON).state
    assert answered.status is Status.CONFIRMED
    short = TicketKindTerms((SESSION,), offer_for=timedelta(minutes=5))
    after = seated(context(kind=short), having(Status.WAITING), NOON).state
    assert after.expires_at == NOON + timedelta(minutes=5)


def test_answers_change_until_registration_closes() -> None:
    other, late = Answers(2, "[]", NOON), NOON + HOUR
    mine = having(Status.CONFIRMED, GIVEN)
    assert decide(context(mine), Answer(SESSION, LAN, other), NOON).state.answers == other
    with pytest.raises(Closed):
        decide(context(mine), Answer(SESSION, LAN, other), late)
    assert (
        decide(context(mine), Answer(SESSION, LAN, other, by_staff=True), late).state.answers
        == other
    )
    offered = having(Status.OFFERED)
    assert decide(context(offered), Answer(SESSION, LAN, other), late).state.answers == other
    with pytest.raises(NotConfirmed):
        decide(context(offered), Answer(SESSION, LAN, other, follow_up=True), NOON)
