"""The jury's decision: every score is in, the ranking stands, the authors are told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.applications.calls.rules import Call, Decide, NotJudging, Status
from services.applications.calls.store import Calls
from services.applications.entries.rules import EntryUnknown, RecordOutcome
from services.applications.entries.store import Entries
from services.applications.reviews.rules import rank
from services.applications.reviews.store import Reviews
from shared.mongo import Tx


class JuryService:
    def __init__(self, calls: Calls, entries: Entries, reviews: Reviews) -> None:
        self._calls = calls
        self._entries = entries
        self._reviews = reviews

    async def decide(
        self, tx: Tx, call_id: UUID, awarded: Sequence[str], reasons: str, now: datetime
    ) -> Call:
        """Close the judging: rank, award these codes (maybe none), settle every entry.

        Raises `NotJudging`, `ScoresMissing`, `EntryUnknown` (a code that is none of this call's).
        """
        call = await self._calls.get(call_id, tx)
        if call.status is not Status.JUDGING:
            raise NotJudging
        entries = await self._entries.submitted(call_id, tx)
        codes = [entry.code for entry in entries]
        if not set(awarded) <= set(codes):
            raise EntryUnknown
        outcomes = rank(call, codes, await self._reviews.of_call(call_id, tx), awarded)
        decided = await self._calls.perform(tx, call_id, Decide(outcomes, reasons), now)
        authors = await self._entries.vault.open(tx, call_id)
        # Not by code: who saw the events in their order, beside the codes, could pair them.
        for entry in sorted(entries, key=lambda entry: entry.id):
            command = RecordOutcome(authors[entry.id], entry.code in awarded)
            await self._entries.perform(tx, entry.id, command, now)
        return decided
