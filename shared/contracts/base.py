"""The form of an event: a frozen class in Python, CloudEvents 1.0 (structured JSON) on the bus.

The `type` of an event is `<service>.<aggregate>.<past participle>.v<n>`. Its class has a UUID field
`<aggregate>_id`, which is the CloudEvents `subject`. Readers ignore fields that they do not know. A
new optional field is allowed; any other change needs a new class with the next version.

Personal data is only in fields marked `Personal`, and only `registry.person.*` events have such
fields.
"""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CATALOG: dict[str, type["Event"]] = {}
"""Every event, by type. The import of `shared.contracts.catalog` fills it."""

_TYPE = re.compile(
    r"(?P<service>[a-z]+)\.(?P<aggregate>[a-z_]+)\.(?P<fact>[a-z_]+)\.v(?P<version>\d+)"
)


class PersonalData:
    """Marks a field that says something about a person."""


Personal = Annotated[str, PersonalData()]


class Event(BaseModel):
    """A fact that other services may need. It carries ids, not a copy of the state."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    producer: ClassVar[str]
    aggregate: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        name = cls.type_name()
        parts = _TYPE.fullmatch(name)
        if parts is None:
            raise TypeError(f"{cls.__name__}: {name!r} is no event type")
        cls.producer, cls.aggregate = parts["service"], parts["aggregate"]
        key = cls.model_fields.get(f"{cls.aggregate}_id")
        if key is None or key.annotation is not UUID:
            raise TypeError(f"{cls.__name__} needs a field {cls.aggregate}_id: UUID")
        if CATALOG.setdefault(name, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"event type {name!r} is taken by {CATALOG[name].__name__}")

    @classmethod
    def type_name(cls) -> str:
        return str(cls.model_fields["type"].default)

    @property
    def subject(self) -> UUID:
        """The id of the aggregate this happened to."""
        return cast(UUID, getattr(self, f"{self.aggregate}_id"))


class Envelope(BaseModel):
    """An event as it travels: CloudEvents 1.0, JSON format, with our extensions.

    `sequence` is the version of the aggregate after this fact; with it a reader sees that an event
    is older than what it knows. `correlationid` is the request at the start of the chain,
    `causationid` the event just before this one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    sequence: Annotated[int, Field(ge=1, lt=2**31)]
    correlationid: Annotated[str, Field(min_length=1)]
    causationid: UUID | None = None
    traceparent: str | None = None
    data: Any  # an Event to be sent, or a dict as received

    @classmethod
    def of(
        cls,
        event: Event,
        *,
        id: UUID,  # noqa: A002 - the CloudEvents name
        time: datetime,
        sequence: int,
        correlationid: str,
        causationid: UUID | None = None,
        traceparent: str | None = None,
    ) -> "Envelope":
        return cls.model_construct(
            id=id,
            source=f"/services/{event.producer}",
            type=event.type,
            subject=event.subject,
            time=time,
            dataschema=f"urn:creative-city:schema:{event.type}",
            sequence=sequence,
            correlationid=correlationid,
            causationid=causationid,
            traceparent=traceparent,
            data=event,
        )

    def to_wire(self) -> bytes:
        """CloudEvents as JSON, without the extensions that have no value (the standard says so)."""
        return self.model_dump_json(exclude_none=True, exclude={"data": {"type"}}).encode()


class UnreadableMessage(Exception):
    """These bytes are not one of our events. To try again would not help."""


class UnknownEvent(UnreadableMessage):
    """A CloudEvent of a type this version of the code does not know."""


def read_wire(body: bytes) -> tuple[Envelope, Event]:
    """Read an event from its bytes.

    Raises `UnknownEvent` for a type that is not in the catalogue (this code may be older than the
    producer), `UnreadableMessage` for anything else that is not an event.
    """
    try:
        envelope = Envelope.model_validate_json(body)
        known = CATALOG.get(envelope.type)
        if known is None:
            raise UnknownEvent(envelope.type)
        return envelope, known.model_validate(envelope.data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnreadableMessage(f"{where or 'body'}: {first['msg']}") from error
