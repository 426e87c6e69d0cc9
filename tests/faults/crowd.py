"""A crowd before one popular session, and the laws that must hold when it is over.

Everybody asks for one place. As soon as they have heard, every fifth who got one gives it back, and
every fortieth in the line gives up, while others still come: so the line moves during the rush.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from shared.contracts.base import Envelope, Event, read_wire
from shared.contracts.events import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
)
from shared.ids import new_id
from shared.mongo import Mongo
from shared.testing.rush import Answers, post, rush
from shared.testing.tokens import TokenIssuer

GIVES_BACK, GIVES_UP = 5, 40  # one in so many
TOLD_BY = {
    RegistrationConfirmed: "confirmed",
    RegistrationWaitlisted: "waiting",
    RegistrationCancelled: "cancelled",
}


class Told(NamedTuple):
    """What somebody read in an answer about their registration."""

    status: str
    number: int | None


class Crowd:
    """So many people who want a place in one session."""

    def __init__(self, mint: TokenIssuer, session: UUID, size: int) -> None:
        self._tokens = {str(key): mint.token(key, seconds=7200) for key in _people(size)}
        self._session = session
        self._leaving: list[bytes] = []
        self._heard: defaultdict[str, int] = defaultdict(int)
        self.told: defaultdict[str, list[Told]] = defaultdict(list)  # by registration
        self.wrong: list[bytes] = []  # answers that are no registration

    async def contend(self, ports: Sequence[int], connections: int) -> Answers:
        """All of them at once, spread over the replicas."""
        return await rush(ports, self._requests(), connections=connections, on_answer=self._hear)

    def _requests(self) -> Iterator[bytes]:
        path = f"/v1/sessions/{self._session}/registrations"
        for token in self._tokens.values():
            while self._leaving:
                yield self._leaving.pop()
            yield post(path, token)
        while self._leaving:
            yield self._leaving.pop()

    def _hear(self, status: int, body: bytes) -> None:
        if status not in (200, 201):
            self.wrong.append(body)
            return
        answer = json.loads(body)
        become = answer["status"]
        self.told[answer["id"]].append(Told(become, answer["number"]))
        self._heard[become] += 1
        one_in = {"confirmed": GIVES_BACK, "waiting": GIVES_UP}.get(become)
        if one_in is not None and self._heard[become] % one_in == 0:
            path = f"/v1/registrations/{answer['id']}/cancellation"
            self._leaving.append(post(path, self._tokens[answer["person_id"]]))


def _people(size: int) -> Iterator[UUID]:
    return (new_id() for _ in range(size))


async def broken_laws(mongo: Mongo, crowd: Crowd, session: UUID, seats: int) -> list[str]:
    """What is wrong with the store, the events and the answers; nothing if all is well."""
    rows = await mongo.collection("registrations").find({"bookable_id": session}).to_list(None)
    stored = {row["_id"]: row for row in rows}
    pool = await mongo.collection("quotas").find_one({"_id": session})
    found = await mongo.collection("outbox").find().sort("_id", 1).to_list(None)
    story = [
        (envelope, event)
        for envelope, event in (read_wire(row["body"]) for row in found)
        if getattr(event, "bookable_id", None) == session
    ]
    return [
        *_books(stored, pool or {}, seats),
        *_order(story, seats),
        *_told(stored, story, crowd),
        *(f"refused: {body!r}" for body in crowd.wrong),
    ]


def _books(stored: dict[UUID, Any], pool: dict[str, Any], seats: int) -> Iterator[str]:
    """The session is full to the last seat, nobody has two, and its pool says the same."""
    statuses = [row["status"] for row in stored.values()]
    confirmed, waiting = statuses.count("confirmed"), statuses.count("waiting")
    if confirmed != seats:
        yield f"{confirmed} confirmed for {seats} seats"
    if (pool.get("taken"), pool.get("waiting")) != (confirmed, waiting):
        yield f"the pool says {pool}, there are {confirmed} confirmed and {waiting} waiting"
    live = [row["person_id"] for row in stored.values() if row["status"] != "cancelled"]
    if len(set(live)) < len(live):
        yield "somebody is registered twice"
    numbers = sorted(row["number"] for row in stored.values() if row["number"] is not None)
    if numbers != list(range(1, len(numbers) + 1)):
        yield "numbers of the line were skipped or given twice"


def _order(story: list[tuple[Envelope, Event]], seats: int) -> Iterator[str]:
    """Nobody passes another in line, at no moment are there too many, no seat stays free.

    All transactions of a session write its pool and so come one after another; their events, in
    order of their ids (UUIDv7), are its history. At each moment of it:

    - who is promoted has the lowest number of all who wait then;
    - who is confirmed at once came while nobody waited;
    - who joins the line came while every seat was taken;
    - never are there more confirmed than seats.
    """
    numbers: dict[UUID, int] = {}  # of those who wait
    confirmed = 0
    for _, event in story:
        match event:
            case RegistrationWaitlisted(registration_id=key, number=number):
                if confirmed != seats:
                    yield f"number {number} was put in line with {confirmed} of {seats} taken"
                numbers[key] = number
            case RegistrationConfirmed(registration_id=key, promoted=promoted):
                confirmed += 1
                if confirmed > seats:
                    yield f"{confirmed} were confirmed for {seats} seats"
                mine = numbers.pop(key, None)
                if promoted != (mine is not None):
                    yield f"{key} was promoted: {promoted}, number {mine}"
                first = min(numbers.values(), default=None)
                if first is not None and (mine is None or first < mine):
                    yield f"number {mine} was let in before number {first}"
            case RegistrationCancelled(registration_id=key, held_place=held):
                confirmed -= held
                if (numbers.pop(key, None) is None) != held:
                    yield f"{key} gave up what they did not have"
            case _:
                yield f"nobody did that: {event.type}"


def _told(
    stored: dict[UUID, Any], story: list[tuple[Envelope, Event]], crowd: Crowd
) -> Iterator[str]:
    """The last thing each person was told, in an answer or by an event, is what is stored.

    A registration's events are all there, one a version. The first is the answer to who asked for
    a place; who then cancelled was answered `cancelled`, and it is the last.
    """
    told: defaultdict[UUID, list[tuple[int, str]]] = defaultdict(list)
    for envelope, event in story:
        told[event.model_dump()["registration_id"]].append(
            (envelope.sequence, TOLD_BY.get(type(event), "?"))
        )
    if told.keys() != stored.keys():
        yield f"{len(stored)} registrations, events of {len(told)}"
    if {UUID(key) for key in crowd.told} != stored.keys():
        yield f"{len(stored)} registrations, answers about {len(crowd.told)}"
    for key, row in stored.items():
        sequences = [sequence for sequence, _ in told[key]]
        events = [status for _, status in told[key]]
        if sequences != list(range(1, row["version"] + 1)) or events[-1] != row["status"]:
            yield f"{key} is {row['status']} ({row['version']}); events told {told[key]}"
        answers = crowd.told.get(str(key), [])
        heard = [answer.status for answer in answers]
        last = ["cancelled"] if events[-1:] == ["cancelled"] else []
        if heard != [*events[:1], *last] or any(one.number != row["number"] for one in answers[:1]):
            yield f"{key} heard {answers}; events told {told[key]}, number {row['number']}"
