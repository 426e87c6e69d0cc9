"""What an organiser asks of those who register for a session.

    questions   answered with the registration, or while it is held; before it is confirmed
    follow_up   answered afterwards, by those who are confirmed (what to bring, what not to eat)

Both are JSON Schemas (2020-12), conditions (if / then / else) included. Every question says in
`labels` how it reads: {"labels": {"vi": "Bạn ăn chay?", "en": "Are you vegetarian?"}, "type": …};
its `hints`, where it has any, have the same form. JSON Schema passes such annotations over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.events.booking.registrations.commands import RegistrationCommand
from services.events.booking.registrations.errors import Closed, NotConfirmed
from services.events.booking.registrations.rules import RegistrationContext, held
from services.events.booking.registrations.state import Answers, RegistrationDecision, Status
from shared.aggregates import Decision, Described, create_or_replace
from shared.errors import DomainError, FieldError, InvalidInput, NotFound, pointer
from shared.json_object import JsonObject
from shared.text import Localized

_LABELS: TypeAdapter[Localized] = TypeAdapter(Localized)
_BRANCHES = ("allOf", "anyOf", "oneOf")


class FormUnknown(NotFound):
    code = "form.unknown"
    vi = "Buổi này không có câu hỏi nào."
    en = "This session has no questions."


class NotAsked(DomainError):
    status = 422
    code = "form.not_asked"
    vi = "Buổi này không có câu hỏi, nên không nhận câu trả lời."
    en = "This session has no questions, so it takes no answers."


class Form(Described):
    """`id` is the session's; `version` is what answers are kept with."""

    questions: JsonObject | None = None
    follow_up: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class DescribeForm:
    session_id: UUID
    questions: JsonObject | None
    follow_up: JsonObject | None


def decide(form: Form | None, command: DescribeForm, now: datetime) -> Decision[Form]:
    described = Form(
        id=command.session_id,
        questions=command.questions,
        follow_up=command.follow_up,
        changed_at=now,
    )
    return create_or_replace(form, described)


@dataclass(frozen=True, slots=True)
class Answer(RegistrationCommand):
    """To what the session asks; `follow_up`: to what it asks of those who are confirmed.

    What was never answered can be answered at any time; it can be changed until registration
    closes, and by staff afterwards too.
    """

    bookable_id: UUID
    person_id: UUID
    answers: Answers
    follow_up: bool = False
    by_staff: bool = False

    def decide_one(self, context: RegistrationContext, now: datetime) -> RegistrationDecision:
        mine = held(context)
        known = mine.follow_up if self.follow_up else mine.answers
        if known is not None and now >= context.terms.closes_at and not self.by_staff:
            raise Closed
        if not self.follow_up:
            return RegistrationDecision(mine, replace(mine, answers=self.answers))
        if mine.status is not Status.CONFIRMED:
            raise NotConfirmed
        return RegistrationDecision(mine, replace(mine, follow_up=self.answers))


def check_labels(schema: dict[str, Any], at: str) -> None:
    """Raises `InvalidInput` for a form of something else than questions, or one without labels."""
    if schema.get("type") != "object":
        text = "A form has the type object."
        raise InvalidInput(
            FieldError(
                "body", pointer(at, "type"), "form.no_object", "Biểu mẫu phải là object.", text
            )
        )
    said: set[tuple[str, ...]] = set()
    named: dict[tuple[str, ...], str] = {}
    for names, where, question in _questions(schema, (), (at,)):
        named.setdefault(names, pointer(*where, "labels"))
        if isinstance(question, dict) and "labels" in question:
            _check(question, where)
            said.add(names)
    unlabelled = [where for names, where in named.items() if names not in said]
    if unlabelled:
        vi, en = "Câu hỏi này chưa có nhãn tiếng Việt.", "This question has no label in Vietnamese."
        errors = [FieldError("body", where, "form.label_missing", vi, en) for where in unlabelled]
        raise InvalidInput(*errors[:50])


def _check(question: dict[str, Any], where: tuple[object, ...]) -> None:
    for annotation in ("labels", "hints"):
        try:
            if annotation in question:
                _LABELS.validate_python(question[annotation])
        except ValidationError as error:
            at = pointer(*where, annotation)
            vi, en = "Cần có vi, và nếu có thì en.", "Give vi, and en if there is one."
            raise InvalidInput(FieldError("body", at, "form.label_wrong", vi, en)) from error


def _questions(
    schema: Any, names: tuple[str, ...], where: tuple[object, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[object, ...], Any]]:
    """(path of names, steps to it, its schema) of each question. What stands in an `if` is none:
    it only looks at answers to questions that are asked elsewhere."""
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    for name, question in properties.items() if isinstance(properties, dict) else ():
        here = (*where, "properties", name)
        yield (*names, name), here, question
        yield from _questions(question, (*names, name), here)
    for branch in ("then", "else", "items"):
        yield from _questions(schema.get(branch), names, (*where, branch))
    for branch in _BRANCHES:
        parts = schema.get(branch)
        for place, part in enumerate(parts if isinstance(parts, list) else ()):
            yield from _questions(part, names, (*where, branch, place))
