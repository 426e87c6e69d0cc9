"""Forms and answers as they are sent and shown."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, model_validator

from services.events.booking.forms.rules import (
    Form,
)
from services.events.booking.registrations.state import Answers, Registration
from shared.json_object import JsonObject, canonical_json
from shared.schema import Schema, example

LONGEST = 50_000  # characters of a form, or of answers, as canonical JSON


class FormFacts(Schema):
    """JSON Schemas (2020-12) of type object, in which each property has `labels` in vi and en.

    `questions` are answered before a registration is confirmed, `follow_up` afterwards. Without
    either, nothing is asked any more.
    """

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "questions": {
                    "type": "object",
                    "properties": {
                        "t_shirt": {
                            "type": "string",
                            "enum": ["S", "M", "L"],
                            "labels": {"vi": "Cỡ áo", "en": "T-shirt size"},
                        }
                    },
                    "required": ["t_shirt"],
                },
                "follow_up": None,
            }
        )
    )

    questions: JsonObject | None = None
    """What is answered before a registration is confirmed."""
    follow_up: JsonObject | None = None
    """What is answered after it is confirmed."""

    @model_validator(mode="after")
    def _short(self) -> "FormFacts":
        if any(len(canonical_json(part)) > LONGEST for part in (self.questions, self.follow_up)):
            raise ValueError(f"longer than {LONGEST} characters")
        return self


class FormView(FormFacts):
    """What a session or course asks."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "questions": {
                    "type": "object",
                    "properties": {
                        "t_shirt": {
                            "type": "string",
                            "enum": ["S", "M", "L"],
                            "labels": {"vi": "Cỡ áo", "en": "T-shirt size"},
                        }
                    },
                    "required": ["t_shirt"],
                },
                "follow_up": None,
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "version": 2,
            }
        )
    )

    session_id: UUID
    """The session, or the course, that asks it."""
    version: int
    """The form's version; answers are kept with it."""

    @classmethod
    def of(cls, form: Form) -> "FormView":
        return cls(
            session_id=form.id,
            version=form.version,
            questions=form.questions,
            follow_up=form.follow_up,
        )


class AnswersGiven(Schema):
    """Answers to a form."""

    model_config = ConfigDict(json_schema_extra=example({"answers": {"t_shirt": "M"}}))

    answers: JsonObject
    """They satisfy the form's schema."""

    @model_validator(mode="after")
    def _short(self) -> "AnswersGiven":
        if len(canonical_json(self.answers)) > LONGEST:
            raise ValueError(f"longer than {LONGEST} characters")
        return self


class AnswersView(Schema):
    """What somebody has answered."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {"version": 2, "answers": {"t_shirt": "M"}, "given_at": "2026-10-01T02:05:10Z"}
        )
    )

    version: int
    """The version of the form that they answer."""
    answers: dict[str, Any]
    """The answers, as the form's schema has them."""
    given_at: datetime
    """When they were given: RFC 3339, in UTC."""

    @classmethod
    def of(cls, given: Answers | None) -> "AnswersView | None":
        if given is None:
            return None
        return cls(version=given.version, answers=json.loads(given.content), given_at=given.at)


class Answered(Schema):
    """What the holder of a registration has answered."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "registration_id": "0199f3a2-8d10-7c35-a2b4-91f6d0c7e583",
                "questions": {
                    "version": 2,
                    "answers": {"t_shirt": "M"},
                    "given_at": "2026-10-01T02:05:10Z",
                },
                "follow_up": None,
            }
        )
    )

    registration_id: UUID
    questions: AnswersView | None
    """Answers from before it was confirmed."""
    follow_up: AnswersView | None
    """Answers from after it was confirmed."""

    @classmethod
    def of(cls, one: Registration) -> "Answered":
        return cls(
            registration_id=one.id,
            questions=AnswersView.of(one.answers),
            follow_up=AnswersView.of(one.follow_up),
        )
