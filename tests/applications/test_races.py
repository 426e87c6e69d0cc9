"""Two things at the same moment: closing and submitting, two first drafts, two verdicts.

Each race is run once more with its guard switched off; then the bad thing must happen.
"""

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from services.applications.app import build
from services.applications.calls.rules import CallNotOpen
from services.applications.calls.store import Calls
from services.applications.entries.rules import Command, Entry, Submit
from services.applications.entries.store import Entries, Vault
from services.applications.settings import Settings
from shared.aggregates import Decision
from shared.clock import now
from shared.contracts.applications import EntryDecided
from shared.errors import InvalidInput, PreconditionFailed
from shared.forms import check_content
from shared.ids import new_id
from shared.json_object import canonical_json
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox
from shared.testing.running import running
from tests.applications.conftest import API, FORM, GOOD, Office
from tests.helping.clock import StandingClock
from tests.helping.guards import without_transactions, without_unique_indexes
from tests.helping.told import told


class SlowCalls(Calls):
    """Where a submission dawdles between its rule and its commit."""

    def __init__(self, mongo: Mongo, outbox: Outbox) -> None:
        super().__init__(mongo, outbox)
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def must_be_open(self, tx: Tx, key: UUID) -> None:
        self.reached.set()
        await self.go_on.wait()
        await self.check(tx, key)

    async def check(self, tx: Tx, key: UUID) -> None:
        await super().must_be_open(tx, key)


class TrustingCalls(SlowCalls):
    """The guard switched off: what was open when the rule looked is taken to be open still."""

    async def check(self, tx: Tx, key: UUID) -> None:
        pass


async def _closed_while_submitting(office: Office, kind: type[SlowCalls]) -> Exception | None:
    """An author submits in the last moment; before that commits, the call closes and is decided."""
    await office.open()
    author = new_id()
    await office.draft(author)
    calls = kind(office.mongo, office.running.platform.outbox)
    vault = Vault(office.mongo)
    entries = Entries(office.mongo, office.running.platform.outbox, calls, vault)
    key = await vault.entry_of(UUID(office.call), author)
    assert key is not None
    command = Submit(await calls.get(UUID(office.call)), author, canonical_json(GOOD))
    in_time = office.clock()
    submitting = asyncio.create_task(
        office.mongo.transaction(lambda tx: entries.perform(tx, key, command, in_time))
    )
    await calls.reached.wait()
    assert (await office.close()).status_code == 200
    assert await office.codes() == {}, "the jury has nothing to judge"
    assert (await office.decide()).status_code == 200
    calls.go_on.set()
    return (await asyncio.gather(submitting, return_exceptions=True))[0]


async def _unjudged(office: Office) -> int:
    """Entries that were handed in to a call that was decided without them."""
    return await office.mongo.collection("entries").count_documents({"status": "submitted"})


async def test_no_entry_slips_in_while_the_call_closes(office: Office) -> None:
    outcome = await _closed_while_submitting(office, SlowCalls)
    assert isinstance(outcome, CallNotOpen)
    assert await _unjudged(office) == 0


async def test_control_without_the_check_an_entry_is_never_judged(office: Office) -> None:
    outcome = await _closed_while_submitting(office, TrustingCalls)
    assert isinstance(outcome, Entry)
    assert await _unjudged(office) == 1


async def test_what_was_acknowledged_in_the_last_moment_is_what_the_jury_sees(
    office: Office, settings: Settings
) -> None:
    """Two replicas whose clocks differ: one still takes entries while the other closes."""
    await office.open()
    authors = [new_id() for _ in range(16)]
    for author in authors:
        await office.draft(author, {"title": f"Bài của {author}"})
    behind = StandingClock(office.clock())
    async with running(
        build, settings, roles=API, clock=behind, token_issuer=office.running.token_issuer
    ) as slow:
        late = Office(slow, jurors=office.jurors, call=office.call)
        *submissions, closing = await asyncio.gather(
            *(late.submit(author) for author in authors[:8]),
            office.close(),
            *(late.submit(author) for author in authors[8:]),
        )
    answers = [*submissions, closing]
    assert {answer.status_code for answer in answers} <= {200, 409}
    acknowledged = {
        answer.json()["content"]["title"]
        for answer in answers
        if answer.status_code == 200 and "content" in answer.json()
    }
    assert set(await office.codes()) == acknowledged


class TrustingEntries(Entries):
    """The guard switched off: hands in whatever stands there by now."""

    def decide(self, state: Entry | None, command: Command, now: datetime) -> Decision[Entry]:
        if isinstance(command, Submit) and state is not None:
            command = Submit(command.call, command.person_id, state.content)
        return super().decide(state, command, now)


async def _rewritten_while_submitting(office: Office, kind: type[Entries]) -> Exception | Entry:
    """The content passes the form; before it is handed in, another takes its place."""
    await office.open()
    author = new_id()
    await office.draft(author)
    calls, vault = Calls(office.mongo, office.running.platform.outbox), Vault(office.mongo)
    entries = kind(office.mongo, office.running.platform.outbox, calls, vault)
    key = await vault.entry_of(UUID(office.call), author)
    assert key is not None
    command = Submit(await calls.get(UUID(office.call)), author, (await entries.get(key)).content)
    check_content(FORM, GOOD)
    await office.draft(author, {"title": "x", "year": "không phải năm"})
    submitted = office.mongo.transaction(
        lambda tx: entries.perform(tx, key, command, office.clock())
    )
    return (await asyncio.gather(submitted, return_exceptions=True))[0]


async def test_only_what_was_held_against_the_form_is_handed_in(office: Office) -> None:
    assert isinstance(await _rewritten_while_submitting(office, Entries), PreconditionFailed)


async def test_control_without_the_check_what_breaks_the_form_is_handed_in(office: Office) -> None:
    entry = await _rewritten_while_submitting(office, TrustingEntries)
    assert isinstance(entry, Entry)
    with pytest.raises(InvalidInput):
        check_content(FORM, {"title": "x", "year": "không phải năm"})
    assert "không phải năm" in entry.content


async def _first_drafts_at_once(office: Office) -> int:
    """One person drafts on three devices at the same moment; how many entries they have then."""
    author = new_id()
    answers = await asyncio.gather(*(office.draft(author) for _ in range(3)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    return await office.mongo.collection("vault").count_documents({"person_id": author})


async def test_first_drafts_at_the_same_moment_leave_one_entry(office: Office) -> None:
    await office.open()
    for _ in range(6):
        assert await _first_drafts_at_once(office) == 1
    assert await office.mongo.collection("entries").count_documents({}) == 6


async def test_control_without_the_unique_index_they_leave_several(
    settings: Settings, database: str
) -> None:
    fresh = settings.model_copy(update={"mongodb_database": database})
    careless = without_unique_indexes(build)
    async with running(careless, fresh, roles=API, clock=StandingClock(now())) as service:
        office = Office(service)
        await office.open()
        assert max([await _first_drafts_at_once(office) for _ in range(6)]) > 1


async def _decided_at_once(office: Office) -> tuple[list[int], int]:
    """Three verdicts at the same moment: their answers, and how often the author was told."""
    await office.open()
    codes = await office.judged({"Bài một": 90})
    answers = await asyncio.gather(*(office.decide(*codes.values()) for _ in range(3)))
    decided = [e for e in await told(office.mongo, EntryDecided) if str(e.call_id) == office.call]
    return sorted(answer.status_code for answer in answers), len(decided)


async def test_verdicts_at_the_same_moment_are_one(office: Office) -> None:
    for _ in range(3):
        assert await _decided_at_once(office) == ([200, 409, 409], 1)


async def test_control_without_transactions_the_author_is_told_twice(settings: Settings) -> None:
    careless = without_transactions(build)
    async with running(careless, settings, roles=API, clock=StandingClock(now())) as service:
        assert max([(await _decided_at_once(Office(service)))[1] for _ in range(5)]) > 1
