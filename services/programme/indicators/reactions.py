from collections.abc import Awaitable, Callable

from services.programme.indicators.rules import COUNTING_RULES, CountingRule
from services.programme.indicators.store import Counters
from shared.bus.subscriptions import Delivery, Reaction, on
from shared.contracts.base import Event


class IndicatorReactions:
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def all(self) -> list[Reaction[Event]]:
        """A reaction for each counting rule."""
        return [on(rule.event, self._counting(rule)) for rule in COUNTING_RULES]

    def _counting(self, rule: CountingRule) -> Callable[[Event, Delivery], Awaitable[None]]:
        async def handle(event: Event, delivery: Delivery) -> None:
            tx = delivery.tx
            if rule.once and not await self._counters.count_once(tx, rule.key, event.subject):
                return
            amount = rule.amount(event)
            if amount:
                self._counters.add(tx, rule.key, amount, delivery.now)

        return handle
