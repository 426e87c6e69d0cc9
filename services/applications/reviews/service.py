"""The jury's decision: it needs all scores, it stores the ranking, and the authors are notified."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.applications.calls.rules import Call, CallStatus, Decide, NotJudging
from services.applications.calls.store import Calls
from services.applications.entries.rules import EntryUnknown, RecordOutcome
from services.applications.entries.store import Entries
from services.applications.reviews.rules import rank
from services.applications.reviews.store import Reviews
from shared.mongo import Tx


class JuryService:
    """Decides a call, over its entries and reviews."""

    def __init__(self, calls: Calls, entries: Entries, reviews: Reviews) -> None:
        self._calls = calls
        self._entries = entries
        self._reviews = reviews

    async def decide(
        self, tx: Tx, call_id: UUID, awarded: Sequence[str], reasons: str, now: datetime
    ) -> Call:
        """End the judging: rank the entries, award these codes (or none), record every outcome.

        Raises `NotJudging`, `ScoresMissing`, `EntryUnknown` (a code that no entry of the call has).
        """
        call = await self._calls.get(call_id, tx)
        if call.status is not CallStatus.JUDGING:
            raise NotJudging
        entries = await self._entries.submitted(call_id, tx)
        codes = [entry.code for entry in entries]
        if not set(awarded) <= set(codes):
            raise EntryUnknown
        outcomes = rank(call, codes, await self._reviews.of_call(call_id, tx), awarded)
        decided = await self._calls.perform(tx, call_id, Decide(outcomes, reasons), now)
        authors = await self._entries.vault.authors(tx, call_id)
        # Not in the order of the codes: else one could match events and codes by their order.
        for entry in sorted(entries, key=lambda entry: entry.id):
            command = RecordOutcome(authors[entry.id], entry.code in awarded)
            await self._entries.perform(tx, entry.id, command, now)
        return decided
