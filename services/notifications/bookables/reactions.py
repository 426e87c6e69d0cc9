from services.notifications.bookables.store import Bookables
from shared.bus.subscriptions import Delivery
from shared.contracts.applications import CallOpened
from shared.contracts.events import CoursePublished, SessionPublished


class BookableReactions:
    def __init__(self, bookables: Bookables) -> None:
        self._bookables = bookables

    async def session_published(self, event: SessionPublished, delivery: Delivery) -> None:
        await self._bookables.learn_session(delivery.tx, event, delivery.envelope.sequence)

    async def course_published(self, event: CoursePublished, delivery: Delivery) -> None:
        await self._bookables.learn_course(delivery.tx, event, delivery.envelope.sequence)

    async def call_opened(self, event: CallOpened, delivery: Delivery) -> None:
        await self._bookables.learn_call(delivery.tx, event, delivery.envelope.sequence)
