from collections.abc import Awaitable, Callable

from services.programme.indicators.rules import COUNTING_RULES, CountingRule
from services.programme.indicators.store import Counters
from shared.bus.subscriptions import Delivery, Reaction, on
from shared.contracts.base import Event


class IndicatorReactions:
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def all(self) -> list[Reaction[Event]]:
        """A reaction for each rule of what counts."""
        return [on(count.event, self._counting(count)) for count in COUNTING_RULES]

    def _counting(self, count: CountingRule) -> Callable[[Event, Delivery], Awaitable[None]]:
        async def handle(event: Event, delivery: Delivery) -> None:
            tx = delivery.tx
            if count.once and not await self._counters.count_once(tx, count.key, event.subject):
                return
            amount = count.amount(event)
            if amount:
                self._counters.add(tx, count.key, amount, delivery.now)

        return handle
