"""Who of the staff did what: every deed leaves a row, in the transaction of the deed."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant

from services.events.programme.editions.rules import Announce, EditionFacts, Plan
from services.events.programme.editions.store import Editions
from shared.audit import ROWS, Audit, changes
from shared.cause import Actor, set_actor
from shared.clock import now
from shared.http.openapi import routes
from shared.ids import new_id
from shared.mongo import Document, Mongo, Tx
from shared.roles import Role
from shared.testing.running import Running
from shared.testing.waiting import eventually
from shared.text import Localized
from tests.events.programme.sample_programme import edition, made, published_session
from tests.events.trail import Seen

MAI, DUNG = new_id(), new_id()  # an organiser, and somebody at a gate


@pytest.fixture
async def admin(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with service.as_(Role.ADMIN) as client:
        yield client


async def trail(admin: httpx.AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    """The rows of which this is true, the oldest first."""
    answer = await admin.get("/v1/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))


async def test_a_session_tells_who_planned_cut_and_published_it(
    service: Running, admin: httpx.AsyncClient
) -> None:
    session = await published_session(service, capacity=20)
    async with service.as_(Role.ORGANISER, person=MAI) as mai:
        path = f"/v1/sessions/{session}"
        read = await mai.get(path)
        facts = read.json()["facts"] | {"capacity": 12}
        seen = {"If-Match": read.headers["etag"], "X-Request-ID": "cat-giam-cho"}
        assert (await mai.put(path, json=facts, headers=seen)).status_code == 200
    rows = await trail(admin, on=session)
    assert [row["action"] for row in rows] == ["session.plan", "session.publish", "session.plan"]
    last = rows[-1]
    assert (last["by"], last["role"]) == (str(MAI), "organiser")
    assert last["changed"] == ["draft"], "in force with the next release"
    assert last["correlation_id"] == "cat-giam-cho"
    assert last["version"] == int(read.headers["etag"].strip('"')) + 1
    assert [row["action"] for row in await trail(admin, by=MAI)] == ["session.plan"]


async def test_what_a_participant_does_with_their_own_leaves_none(
    service: Running, admin: httpx.AsyncClient
) -> None:
    session = await published_session(service)
    before = len(await trail(admin))
    # Organisers are participants too, as far as their own places go.
    async with service.as_(Role.ORGANISER, person=MAI) as mai, service.as_() as lan:
        for client in (mai, lan):
            mine = await made(client, f"/v1/sessions/{session}/registrations")
            await made(client, f"/v1/registrations/{mine['id']}/cancellation")
        assert len(await trail(admin)) == before
        theirs = await made(lan, f"/v1/sessions/{session}/registrations")
        await made(mai, f"/v1/registrations/{theirs['id']}/cancellation")
    [row] = (await trail(admin))[before:]
    assert (row["action"], row["by"]) == ("registration.cancel", str(MAI))
    assert row["on"] == {"kind": "registration", "id": theirs["id"]}
    assert row["changed"] == ["status", "ended_at", "ended_by"]


async def test_seating_out_of_turn_keeps_the_reason_and_serving_the_line_is_nobodys_deed(
    service: Running, admin: httpx.AsyncClient
) -> None:
    session = await published_session(service, capacity=1)
    async with (
        service.as_(Role.ORGANISER, person=MAI) as mai,
        service.as_(Role.GATE, person=DUNG) as gate,
        service.as_() as lan,
        service.as_() as duc,
        service.as_() as ngoc,
    ):
        first, second, third = [
            await made(client, f"/v1/sessions/{session}/registrations")
            for client in (lan, duc, ngoc)
        ]
        why = {"reason": "Diễn giả quên đăng ký"}
        await made(mai, f"/v1/registrations/{third['id']}/seat", why)
        ticket = (await ngoc.get(f"/v1/registrations/{third['id']}/ticket")).json()
        await made(gate, f"/v1/sessions/{session}/admissions", ticket)
        again = await gate.post(f"/v1/sessions/{session}/admissions", json=ticket)
        assert again.status_code == 409
        await made(lan, f"/v1/registrations/{first['id']}/cancellation")
    seat, scan, refused_scan = await trail(admin, on=third["id"])
    assert (seat["action"], seat["reason"]) == ("registration.seat", "Diễn giả quên đăng ký")
    assert (scan["action"], scan["by"], scan["role"]) == ("registration.scan", str(DUNG), "gate")
    assert refused_scan["action"] == "registration.scan", "a scan is a deed whatever it was worth"
    assert await trail(admin, on=second["id"]) == [], "the line served him"


async def test_what_is_refused_or_repeated_leaves_none(
    service: Running, admin: httpx.AsyncClient
) -> None:
    async with service.as_(Role.ORGANISER, person=MAI) as mai:
        once = {"Idempotency-Key": "mua-xuan"}
        first = await mai.post("/v1/editions", json=edition("mua-xuan"), headers=once)
        again = await mai.post("/v1/editions", json=edition("mua-xuan"), headers=once)
        assert again.content == first.content
        assert (await mai.post("/v1/editions", json=edition("mua-xuan"))).status_code == 409
        key = first.json()["id"]
        await made(mai, f"/v1/editions/{key}/announcement")
        await made(mai, f"/v1/editions/{key}/announcement")  # it is announced already
        stale = {"If-Match": first.headers["etag"]}
        answer = await mai.put(f"/v1/editions/{key}", json=edition("khac"), headers=stale)
        assert answer.status_code == 412
    rows = await trail(admin, by=MAI)
    assert [row["action"] for row in rows] == ["edition.plan", "edition.announce"]


async def test_of_requests_that_commit_together_each_is_noted_in_its_own_name(
    service: Running, admin: httpx.AsyncClient
) -> None:
    session = await published_session(service, capacity=30)
    people = [service.as_() for _ in range(6)]
    staff = [(new_id(), client) for client in people[:3]]
    theirs = [await made(c, f"/v1/sessions/{session}/registrations") for c in people[:3]]
    organisers = {key: service.as_(Role.ORGANISER, person=key) for key, _ in staff}
    await asyncio.gather(
        *(
            made(organisers[key], f"/v1/registrations/{one['id']}/cancellation")
            for (key, _), one in zip(staff, theirs, strict=True)
        ),
        *(made(c, f"/v1/sessions/{session}/registrations") for c in people[3:]),
    )
    for (key, _), one in zip(staff, theirs, strict=True):
        [row] = await trail(admin, on=one["id"])
        assert row["by"] == str(key)
    registrations = [r for r in await trail(admin) if r["on"]["kind"] == "registration"]
    assert len(registrations) == 3, "those who registered in the same flush are not in the trail"
    for client in (*people, *organisers.values()):
        await client.aclose()


async def test_the_trail_is_read_in_pages_the_latest_first(
    service: Running, admin: httpx.AsyncClient
) -> None:
    await published_session(service)
    began = now()
    await published_session(service)
    whole = (await admin.get("/v1/audit")).json()["items"]
    assert [row["at"] for row in whole] == sorted((row["at"] for row in whole), reverse=True)
    paged, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await admin.get("/v1/audit", params=query)).json()
        paged += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert paged == whole
    late = await trail(admin, since=began.isoformat())
    assert len(late) == len(whole) / 2
    assert (await admin.get("/v1/audit", params={"cursor": "x"})).status_code == 400


class Unguarded(Audit):
    """Writes its rows at once, beside the transaction."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo)
        self.written = 0

    def _write(self, tx: Tx, row: Document) -> None:
        self._task = asyncio.create_task(self._beside(row))

    async def _beside(self, row: Document) -> None:
        await self._rows.insert_one(row)
        self.written += 1


class Fails(Exception):
    pass


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_deed_that_fails_in_the_end_leaves_none(service: Running, guarded: bool) -> None:
    mongo, outbox = service.platform.mongo, service.platform.outbox
    editions = Editions(mongo, outbox)
    if not guarded:
        editions._audit = Unguarded(mongo)
    facts = EditionFacts.model_validate(edition("hong"))
    set_actor(Actor(MAI, Role.ORGANISER))

    async def work(tx: Tx) -> None:
        key = new_id()
        await editions.perform(tx, key, Plan(key, facts), now())
        await editions.perform(tx, key, Announce(), now())
        await tx.flush()
        raise Fails

    with pytest.raises(Fails):
        await mongo.transaction(work)
    set_actor(None)
    rows = mongo.collection(ROWS)
    if guarded:
        assert await rows.count_documents({}) == 0
    else:

        async def two() -> bool:
            return await rows.count_documents({}) == 2

        await eventually(two, "what was written beside the transaction")
    assert await mongo.collection("editions").count_documents({}) == 0


class Forgetful(Audit):
    def _write(self, tx: Tx, row: Document) -> None:
        pass


async def test_the_watch_sees_a_route_that_leaves_no_trail(service: Running) -> None:
    """The control of what conftest.py asserts of every staff route at the end of the run."""
    mine = Seen()
    for middleware in service.process.app.user_middleware:
        if "seen" in middleware.kwargs:
            middleware.kwargs["seen"] = mine
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition("co-dau-vet"))
        assert mine.silent == []
        parts = service.process.service.provides
        editions = next(part for part in parts if isinstance(part, Editions))
        editions._audit = Forgetful(service.platform.mongo)
        await made(organiser, f"/v1/editions/{planned['id']}/announcement")
    assert mine.silent == ["POST /v1/editions/{edition_id}/announcement"]


def calls(dependant: Dependant) -> Iterator[Callable[..., object]]:
    """A route's function and all that it depends on."""
    if inspect.isfunction(dependant.call):
        yield dependant.call
    for part in dependant.dependencies:
        yield from calls(part)


async def test_whoever_may_change_what_is_anothers_does_it_under_a_role(service: Running) -> None:
    """A route for everybody signed in must not let staff in by `may`: `acts_as` notes them."""
    unseen = [
        f"{route.methods} {route.path}: {call.__qualname__}"
        for route in routes(service.process.app)
        if (route.methods or set()) - {"GET", "HEAD"}
        for call in calls(route.dependant)
        if ".may(" in inspect.getsource(call)
    ]
    assert unseen == []


def test_changes_are_named_and_not_told() -> None:
    before = EditionFacts.model_validate(edition())
    after = before.model_copy(update={"name": Localized(vi="Mùa khác"), "about": "…"})
    assert changes(before, after) == ["name.vi", "name.en", "about"]


def test_nothing_but_the_trail_itself_touches_its_rows() -> None:
    """Nobody can change or delete a row: one file names the collection, and it only inserts."""
    root = Path(__file__).parents[2]
    files = [*root.glob("shared/**/*.py"), *root.glob("services/**/*.py")]
    named = [
        f for f in files if re.search(r"collection\(\s*(\"audit\"|audit\.ROWS)", f.read_text())
    ]
    assert named == []
    own = (root / "shared/audit.py").read_text()
    assert re.findall(r"self\._rows\b[^\n]*", own) == [
        "self._rows = mongo.collection(ROWS)",
        "self._rows, query, NEWEST, page)",
        "self._rows, InsertOne(row))",
    ]
