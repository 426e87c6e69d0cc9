from services.programme.follow_ups.store import FollowUps
from shared.bus.subscriptions import Delivery
from shared.contracts.events import OutcomeRecorded


class FollowUpReactions:
    def __init__(self, follow_ups: FollowUps) -> None:
        self._follow_ups = follow_ups

    async def outcome_recorded(self, event: OutcomeRecorded, delivery: Delivery) -> None:
        await self._follow_ups.learn(delivery.tx, event, delivery.envelope.sequence)
