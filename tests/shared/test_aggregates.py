"""Aggregates: what is described is created or replaced; what changed meanwhile is a conflict."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.aggregates import Decision, Described, create_or_replace
from shared.clock import now
from shared.errors import Conflict
from shared.ids import new_id
from shared.mongo import Mongo, Tx
from shared.outbox.store import Outbox
from tests.shared.notes import Note, Notes, Write


class Sign(Described):
    text: str
    size: int = 1


FIRST = now()
SIGN = Sign(id=new_id(), text="Phố cổ", changed_at=FIRST)


def test_what_is_described_for_the_first_time_is_created() -> None:
    assert create_or_replace(None, SIGN) == Decision(SIGN)


def test_what_is_described_as_it_is_does_not_change() -> None:
    stored = SIGN.changed(version=3)
    again = SIGN.changed(changed_at=FIRST + timedelta(hours=1))
    assert create_or_replace(stored, again) == Decision(stored)


def test_what_is_described_otherwise_is_replaced_as_a_whole() -> None:
    stored = SIGN.changed(version=3, size=5)
    other = SIGN.changed(text="Phố Hàng Gai", changed_at=FIRST + timedelta(hours=1))
    assert create_or_replace(stored, other) == Decision(other.changed(version=3))


class Unguarded(Notes):
    """As it would be if a replacement that matched nothing went unseen."""

    async def _replace(self, tx: Tx, version: int, after: Note) -> None:
        await self.documents.replace_one(
            {"_id": after.id, "version": version}, self.document(after), session=tx.session
        )


async def written_from_an_old_state(notes: Notes) -> str:
    """Two changes in one transaction, the second made from a state read before the first.

    Returns the text that is stored then.
    """
    key = new_id()

    async def create(tx: Tx) -> None:
        await notes.perform(tx, key, Write(key, "Phố cổ", "old"), now())

    async def change(tx: Tx) -> None:
        before = await notes.get(key, tx)
        await notes.perform(tx, key, Write(key, "Phố cổ", "first"), now())
        await notes._write(tx, before, Decision(before.changed(text="second")))

    await notes.mongo.transaction(create)
    await notes.mongo.transaction(change)
    return (await notes.get(key)).text


async def test_a_replacement_that_matches_nothing_is_a_conflict(mongo: Mongo) -> None:
    notes = Notes(mongo, Outbox(mongo, now))
    with pytest.raises(Conflict):
        await written_from_an_old_state(notes)


async def test_control_without_the_guard_the_second_change_is_lost_in_silence(
    mongo: Mongo,
) -> None:
    assert await written_from_an_old_state(Unguarded(mongo, Outbox(mongo, now))) == "first"


async def test_after_a_conflict_nothing_of_the_transaction_is_stored(mongo: Mongo) -> None:
    notes, keys = Notes(mongo, Outbox(mongo, now)), list[UUID]()

    async def work(tx: Tx) -> None:
        keys.append(new_id())
        await notes.perform(tx, keys[-1], Write(keys[-1], "Phố cổ", "first"), now())
        stale = Note(id=keys[-1], title="Phố cổ", text="", version=9)
        await notes._write(tx, stale, Decision(stale.changed(text="second")))

    with pytest.raises(Conflict):
        await mongo.transaction(work)
    assert await notes.find(keys[-1]) is None
