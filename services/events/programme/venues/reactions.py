from services.events.programme.venues.store import Venues
from shared.bus.subscriptions import Delivery
from shared.contracts.registry import SpacePublished


class VenueReactions:
    def __init__(self, venues: Venues) -> None:
        self._venues = venues

    async def space_published(self, event: SpacePublished, delivery: Delivery) -> None:
        await self._venues.project(delivery.tx, event, delivery.envelope.sequence)
