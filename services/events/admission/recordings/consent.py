"""Release forms: who is seen on television has agreed to it, in words that can be shown later.

The form is signed by the holder of a registration for everybody who comes with it, by name. For a
minor (under 18) a guardian consents; from the age of seven the child consents as well
(Law 91/2025/QH15). What a gate needs of all that is only when it was whole: `complete`, a pure
function of what was signed and withdrawn, and of which versions of the form there were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.text import Line

OF_AGE = 18  # years, at the recording
ASKED_THEMSELVES = 7  # from then on a child consents too


class Adult(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: Line
    adult: Literal[True]
    consents: Literal[True]


class Minor(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: Line
    adult: Literal[False]
    age: Annotated[int, Field(ge=0, lt=OF_AGE)]  # on the day of the recording
    guardian: Line
    guardian_consents: Literal[True]
    consents: bool = False  # the child, in their own right

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.age >= ASKED_THEMSELVES and not self.consents:
            raise ValueError("from the age of seven a child consents too")
        return self


Person = Annotated[Adult | Minor, Field(discriminator="adult")]


@dataclass(frozen=True, slots=True)
class ConsentFormVersion:
    """What is known of one version of a form without its words."""

    version: int  # from 1
    at: datetime
    again: bool  # those who signed an earlier one are asked to sign again


@dataclass(frozen=True, slots=True)
class Signed:
    """What is known of a signature without the names."""

    version: int  # of the form
    people: int
    at: datetime
    withdrawn_at: datetime | None = None


def complete(
    forms: Sequence[ConsentFormVersion], signed: Sequence[Signed], size: int, at: datetime | None
) -> bool:
    """True if everybody of a registration of that size had agreed at that moment.

    None: as it stands, whatever the clocks of those who signed have said.
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
