"""Segments: who, out of the people of an edition. Everyone in a session who is not in yet, all who
were offered a place and have not answered, the hosts, whoever came to nothing.

    {"are": "not_checked_in", "session_id": "…"}
    {"all": [{"are": "registered"}, {"none": [{"are": "attended"}]}]}    came to nothing (so far)
    {"any": [{"hosts": true}, {"are": "waiting", "strand_id": "…"}]}

The people of an edition are those who have or await a place in one of its sessions, or host one.
Whoever cancelled is not among them. Of a group it is the person who registered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Self, assert_never
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from shared.errors import DomainError

MOST = 50  # conditions in one segment


class SegmentElsewhere(DomainError):
    status = 422
    code = "segment.elsewhere"
    vi = "Phiên, hoạt động hoặc tuyến hoạt động này không thuộc mùa lễ hội."
    en = "This session, activity or strand is not one of the edition's."


class InvolvementState(StrEnum):
    """What a person's registration is like."""

    REGISTERED = "registered"  # has or awaits a place
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"  # and has not answered
    UNPAID = "unpaid"
    NOT_CHECKED_IN = "not_checked_in"  # has a place and was not let in, so far
    ATTENDED = "attended"
    NO_SHOW = "no_show"  # had a place in a session that is over, and was not let in


class HeldRegistration(NamedTuple):
    """One registration that is not cancelled."""

    session_id: UUID
    status: str
    admitted: bool


class SegmentPerson(NamedTuple):
    id: UUID
    has: Sequence[HeldRegistration]
    hosts: frozenset[UUID] = frozenset()  # sessions


class SegmentSession(NamedTuple):
    """A session, as far as segments ask."""

    activity_id: UUID
    strand_id: UUID | None
    ends_at: datetime
    hosts: frozenset[UUID] = frozenset()  # people, the activity's and the course's too
    course_id: UUID | None = None  # that one enrols in to come, and that holds it still


Programme = Mapping[UUID, SegmentSession]
"""An edition's sessions."""


class _Somewhere(BaseModel):
    """In one session, activity or strand; in none of them named: anywhere in the edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session_id: UUID | None = None
    activity_id: UUID | None = None
    strand_id: UUID | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in self._places) > 1:
            raise ValueError("name one of session_id, activity_id and strand_id")
        return self

    @property
    def _places(self) -> tuple[UUID | None, ...]:
        return self.session_id, self.activity_id, self.strand_id

    def sessions(self, programme: Programme) -> frozenset[UUID]:
        """Raises `SegmentElsewhere` if there is no such place in this edition."""
        found = frozenset(
            key
            for key, held in programme.items()
            if self._places in ((None,) * 3, (key, None, None))
            or (self.activity_id is not None and held.activity_id == self.activity_id)
            or (self.strand_id is not None and held.strand_id == self.strand_id)
        )
        if not found and any(self._places):
            raise SegmentElsewhere
        return found


class Are(_Somewhere):
    are: InvolvementState


class Hosts(_Somewhere):
    hosts: Literal[True]


class _Several(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Every(_Several):
    all: Annotated[tuple["Segment", ...], Field(min_length=1, max_length=10)]


class Either(_Several):
    any: Annotated[tuple["Segment", ...], Field(min_length=1, max_length=10)]


class Neither(_Several):
    none: Annotated[tuple["Segment", ...], Field(min_length=1, max_length=10)]


def _form(value: Any) -> str | None:
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((form for form in ("are", "hosts", "all", "any", "none") if form in names), None)


Segment = Annotated[
    Annotated[Are, Tag("are")]
    | Annotated[Hosts, Tag("hosts")]
    | Annotated[Every, Tag("all")]
    | Annotated[Either, Tag("any")]
    | Annotated[Neither, Tag("none")],
    Discriminator(_form),
]
for _model in (Every, Either, Neither):
    _model.model_rebuild()


def conditions(segment: Segment) -> list[Are | Hosts]:
    """All that is asked of a person, however it is joined."""
    if isinstance(segment, Are | Hosts):
        return [segment]
    return [one for part in _parts(segment) for one in conditions(part)]


def looked_at(segment: Segment, programme: Programme) -> frozenset[UUID]:
    """The sessions whose people have to be read: with `none` those of the whole edition.

    Raises `SegmentElsewhere`.
    """
    named = [one.sessions(programme) for one in conditions(segment)]
    return frozenset(programme) if _excludes(segment) else frozenset().union(*named)


def judge(segment: Segment, programme: Programme, now: datetime) -> Callable[[SegmentPerson], bool]:
    """Whether a person is in it. Raises `SegmentElsewhere`."""
    match segment:
        case Are():
            there = segment.sessions(programme)
            over = {key for key in there if programme[key].ends_at <= now}
            return lambda person: any(
                one.session_id in there and _is(one, segment.are, one.session_id in over)
                for one in person.has
            )
        case Hosts():
            there = segment.sessions(programme)
            return lambda person: not there.isdisjoint(person.hosts)
        case Every() | Either() | Neither():
            parts = [judge(part, programme, now) for part in _parts(segment)]
            if isinstance(segment, Every):
                return lambda person: all(part(person) for part in parts)
            wanted = isinstance(segment, Either)
            return lambda person: any(part(person) for part in parts) is wanted
        case _:
            assert_never(segment)


def _is(one: HeldRegistration, state: InvolvementState, over: bool) -> bool:
    confirmed = one.status == "confirmed"
    match state:
        case InvolvementState.REGISTERED:
            return True
        case (
            InvolvementState.CONFIRMED
            | InvolvementState.WAITING
            | InvolvementState.OFFERED
            | InvolvementState.UNPAID
        ):
            return one.status == state.value
        case InvolvementState.NOT_CHECKED_IN:
            return confirmed and not one.admitted
        case InvolvementState.ATTENDED:
            return one.admitted
        case InvolvementState.NO_SHOW:
            return confirmed and not one.admitted and over
        case _:
            assert_never(state)


def _parts(segment: Every | Either | Neither) -> Iterable[Segment]:
    match segment:
        case Every():
            return segment.all
        case Either():
            return segment.any
        case Neither():
            return segment.none
        case _:
            assert_never(segment)


def _excludes(segment: Segment) -> bool:
    if isinstance(segment, Are | Hosts):
        return False
    return isinstance(segment, Neither) or any(_excludes(part) for part in _parts(segment))


class SegmentOwner(BaseModel):
    """A segment as somebody sends it: not too large to be judged quickly."""

    model_config = ConfigDict(frozen=True)

    segment: Segment

    @model_validator(mode="after")
    def _of_a_size(self) -> Self:
        if len(conditions(self.segment)) > MOST:
            raise ValueError(f"more than {MOST} conditions")
        return self
