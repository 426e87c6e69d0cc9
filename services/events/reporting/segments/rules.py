"""Segments: a condition that selects some of the people of an edition.

    {"are": "not_checked_in", "session_id": "…"}
    {"all": [{"are": "registered"}, {"none": [{"are": "attended"}]}]}    attended nothing so far
    {"any": [{"hosts": true}, {"are": "waiting", "strand_id": "…"}]}

The people of an edition are those who have a registration in one of its sessions that is not
cancelled, and those who host one. Of a group, it is the person who registered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Self, assert_never
from uuid import UUID

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from services.events.booking.registrations.state import Status
from shared.errors import DomainError
from shared.schema import Schema, example

MAX_CONDITIONS = 50  # in one segment


class SegmentElsewhere(DomainError):
    status = 422
    code = "segment.elsewhere"
    vi = "Buổi, hoạt động hoặc tuyến hoạt động này không thuộc mùa lễ hội."
    en = "This session, activity or strand does not belong to the edition."


class InvolvementState(StrEnum):
    """How a person takes part in a session."""

    REGISTERED = "registered"  # has a seat, or waits for one
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"  # a seat, and has not answered yet
    UNPAID = "unpaid"
    NOT_CHECKED_IN = "not_checked_in"  # has a seat and was not let in so far
    ATTENDED = "attended"
    NO_SHOW = "no_show"  # had a seat in a session that is over, and was not let in


class Involvement(NamedTuple):
    """One registration that is not cancelled, in one session (for a course, in each of them)."""

    session_id: UUID
    status: Status
    admitted: bool


class SegmentPerson(NamedTuple):
    id: UUID
    involvements: Sequence[Involvement]
    hosts: frozenset[UUID] = frozenset()  # ids of sessions


class SegmentSession(NamedTuple):
    """What segments need to know of a session."""

    activity_id: UUID
    strand_id: UUID | None
    ends_at: datetime
    hosts: frozenset[UUID] = frozenset()  # ids of people
    course_id: UUID | None = None  # if people enrol in its course, and it is not cancelled


SessionsById = Mapping[UUID, SegmentSession]
"""The sessions of an edition, by id."""


class _Scope(Schema):
    """In one session, activity or strand; if none is named, anywhere in the edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session_id: UUID | None = None
    """Only in this session."""
    activity_id: UUID | None = None
    """Only in sessions of this activity."""
    strand_id: UUID | None = None
    """Only in activities of this strand."""

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        if sum(key is not None for key in self._keys) > 1:
            raise ValueError("name one of session_id, activity_id and strand_id")
        return self

    @property
    def _keys(self) -> tuple[UUID | None, ...]:
        return self.session_id, self.activity_id, self.strand_id

    def in_scope(self, sessions: SessionsById) -> frozenset[UUID]:
        """The sessions that are meant. Raises `SegmentElsewhere` if the edition has none such."""
        found = frozenset(
            key
            for key, session in sessions.items()
            if self._keys in ((None,) * 3, (key, None, None))
            or (self.activity_id is not None and session.activity_id == self.activity_id)
            or (self.strand_id is not None and session.strand_id == self.strand_id)
        )
        if not found and any(self._keys):
            raise SegmentElsewhere
        return found


class InvolvementCondition(_Scope):
    """People whose registration is like this, in one session, activity or strand, or anywhere."""

    are: InvolvementState
    """`registered` (has or awaits a seat), `confirmed`, `waiting`, `offered`, `unpaid`,
    `not_checked_in` (not let in so far), `attended`, `no_show`."""


class HostCondition(_Scope):
    """People who host something, in one session, activity or strand, or anywhere."""

    hosts: Literal[True]
    """Always true."""


class _Group(Schema):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AllOf(_Group):
    """People who are in all of these segments."""

    all: Annotated[tuple["Segment", ...], Field(min_length=1, max_length=10)]
    """The segments."""


class AnyOf(_Group):
    """People who are in at least one of these segments."""

    any: Annotated[tuple["Segment", ...], Field(min_length=1, max_length=10)]
    """The segments."""


class NoneOf(_Group):
    """People of the edition who are in none of these segments."""

    none: Annotated[tuple["Segment", ...], Field(min_length=1, max_length=10)]
    """The segments."""


def _tag(value: Any) -> str | None:
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((tag for tag in ("are", "hosts", "all", "any", "none") if tag in names), None)


Segment = Annotated[
    Annotated[InvolvementCondition, Tag("are")]
    | Annotated[HostCondition, Tag("hosts")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NoneOf, Tag("none")],
    Discriminator(_tag),
]
for _model in (AllOf, AnyOf, NoneOf):
    _model.model_rebuild()


def conditions(segment: Segment) -> list[InvolvementCondition | HostCondition]:
    """All single conditions in a segment."""
    if isinstance(segment, InvolvementCondition | HostCondition):
        return [segment]
    return [one for part in _parts(segment) for one in conditions(part)]


def sessions_to_read(segment: Segment, sessions: SessionsById) -> frozenset[UUID]:
    """The sessions whose people have to be read: all of the edition if the segment has a `none`.

    Raises `SegmentElsewhere`.
    """
    named = [one.in_scope(sessions) for one in conditions(segment)]
    return frozenset(sessions) if _has_none_of(segment) else frozenset().union(*named)


def matcher(
    segment: Segment, sessions: SessionsById, now: datetime
) -> Callable[[SegmentPerson], bool]:
    """A function that tells whether a person is in the segment. Raises `SegmentElsewhere`."""
    match segment:
        case InvolvementCondition():
            scope = segment.in_scope(sessions)
            over = {key for key in scope if sessions[key].ends_at <= now}
            return lambda person: any(
                one.session_id in scope and _is(one, segment.are, one.session_id in over)
                for one in person.involvements
            )
        case HostCondition():
            scope = segment.in_scope(sessions)
            return lambda person: not scope.isdisjoint(person.hosts)
        case AllOf() | AnyOf() | NoneOf():
            parts = [matcher(part, sessions, now) for part in _parts(segment)]
            if isinstance(segment, AllOf):
                return lambda person: all(part(person) for part in parts)
            wanted = isinstance(segment, AnyOf)
            return lambda person: any(part(person) for part in parts) is wanted
        case _:
            assert_never(segment)


def _is(one: Involvement, state: InvolvementState, over: bool) -> bool:
    confirmed = one.status is Status.CONFIRMED
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


def _parts(segment: AllOf | AnyOf | NoneOf) -> Iterable[Segment]:
    match segment:
        case AllOf():
            return segment.all
        case AnyOf():
            return segment.any
        case NoneOf():
            return segment.none
        case _:
            assert_never(segment)


def _has_none_of(segment: Segment) -> bool:
    if isinstance(segment, InvolvementCondition | HostCondition):
        return False
    return isinstance(segment, NoneOf) or any(_has_none_of(part) for part in _parts(segment))


class SegmentDescription(Schema):
    """A segment: who, out of the people of an edition."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "segment": {
                    "all": [
                        {"are": "confirmed", "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4"},
                        {"none": [{"are": "attended"}]},
                    ]
                }
            }
        ),
    )

    segment: Segment
    """Conditions, which may be combined with `all`, `any` and `none`."""

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        if len(conditions(self.segment)) > MAX_CONDITIONS:
            raise ValueError(f"more than {MAX_CONDITIONS} conditions")
        return self
