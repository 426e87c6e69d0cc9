from services.notifications.recipients.store import Recipients
from shared.bus.subscriptions import Delivery
from shared.contracts.registry import PersonContactChanged, PersonRegistered


class RecipientReactions:
    def __init__(self, recipients: Recipients) -> None:
        self._recipients = recipients

    async def contact_known(
        self, event: PersonRegistered | PersonContactChanged, delivery: Delivery
    ) -> None:
        await self._recipients.learn(delivery.tx, event, delivery.envelope.sequence)
