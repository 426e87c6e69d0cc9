from services.notifications.occasions.store import Occasions
from shared.bus.subscriptions import Delivery
from shared.contracts.applications import CallOpened
from shared.contracts.events import CoursePublished, SessionPublished


class OccasionReactions:
    def __init__(self, occasions: Occasions) -> None:
        self._occasions = occasions

    async def session_published(self, event: SessionPublished, delivery: Delivery) -> None:
        await self._occasions.learn_session(delivery.tx, event, delivery.envelope.sequence)

    async def course_published(self, event: CoursePublished, delivery: Delivery) -> None:
        await self._occasions.learn_course(delivery.tx, event, delivery.envelope.sequence)

    async def call_opened(self, event: CallOpened, delivery: Delivery) -> None:
        await self._occasions.learn_call(delivery.tx, event, delivery.envelope.sequence)
