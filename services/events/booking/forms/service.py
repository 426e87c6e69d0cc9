"""Changes forms, and lets booking know whether a session has questions to answer."""

from datetime import datetime
from uuid import UUID

from services.events.booking.forms.rules import DescribeForm, Form
from services.events.booking.forms.store import Forms
from services.events.booking.quotas.store import QuotaStore
from shared.mongo import Tx


class FormService:
    def __init__(self, forms: Forms, quotas: QuotaStore) -> None:
        self._forms = forms
        self._quotas = quotas

    async def perform(
        self, tx: Tx, key: UUID, command: DescribeForm, now: datetime, *, expects: int | None = None
    ) -> Form:
        """Carry the command out, in the transaction. Raises what forms/rules.py raises."""
        before = await self._forms.find(key, tx)
        after = await self._forms.apply(tx, before, command, now, expects=expects)
        if after != before:
            await self._forms.keep_version(tx, after)
            await self._quotas.set_asks(tx, key, asks=after.questions is not None)
        return after
