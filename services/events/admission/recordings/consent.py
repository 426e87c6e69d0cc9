"""Consent to be filmed for television: who has to agree, and when a consent is complete.

The holder of a registration signs the form for everybody who comes with it, by name. For a minor
(under 18) a guardian consents; from the age of seven the child has to consent as well
(Law 91/2025/QH15). A gate needs to know only whether the consent was complete at a moment. This is
`complete`, a pure function of the signatures, their withdrawals and the versions of the form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.schema import Schema, example
from shared.text import Line

ADULT_AGE = 18  # years, on the day of the recording
CHILD_CONSENT_AGE = 7  # from this age a child has to consent too


class Adult(Schema):
    """An adult who agrees to be seen."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example({"name": "Nguyễn Thị Lan", "adult": True, "consents": True}),
    )

    name: Line
    """Their name."""
    adult: Literal[True]
    """Always true: they are of age."""
    consents: Literal[True]
    """Always true: they agree."""


class Minor(Schema):
    """A minor for whom a guardian agrees."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "name": "Lê Bảo An",
                "adult": False,
                "age": 12,
                "guardian": "Lê Thu Hà",
                "guardian_consents": True,
                "consents": True,
            }
        ),
    )

    name: Line
    """Their name."""
    adult: Literal[False]
    """Always false: they are not of age."""
    age: Annotated[int, Field(ge=0, lt=ADULT_AGE)]
    """Their age on the day of the recording, in years."""
    guardian: Line
    """The name of the guardian who agrees for them."""
    guardian_consents: Literal[True]
    """Always true: the guardian agrees."""
    consents: bool = False
    """The child agrees in their own right; needed from the age that the law says."""

    @model_validator(mode="after")
    def _child_consents(self) -> Self:
        if self.age >= CHILD_CONSENT_AGE and not self.consents:
            raise ValueError("from the age of seven a child consents too")
        return self


Person = Annotated[Adult | Minor, Field(discriminator="adult")]


@dataclass(frozen=True, slots=True)
class ConsentFormVersion:
    """One version of a consent form, without its text."""

    version: int  # from 1
    at: datetime
    again: bool  # people who signed an earlier version have to sign again


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, without the names."""

    version: int  # of the form
    people: int
    at: datetime
    withdrawn_at: datetime | None = None


def complete(
    forms: Sequence[ConsentFormVersion], signed: Sequence[Signed], size: int, at: datetime | None
) -> bool:
    """True if everybody of a registration for `size` people had agreed at the moment `at`.

    None: according to everything that is stored, whatever its times are.
    """
    last = max(
        (one for one in signed if at is None or one.at <= at),
        key=lambda one: one.at,
        default=None,
    )
    if last is None or last.people < size:
        return False
    withdrawn = last.withdrawn_at
    if withdrawn is not None and (at is None or withdrawn <= at):
        return False
    in_force = (form for form in forms if at is None or form.at <= at)
    return last.version >= max((form.version for form in in_force if form.again), default=1)
