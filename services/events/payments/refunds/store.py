"""The collection `refunds`."""

from services.events.payments.refunds import rules
from services.events.payments.refunds.rules import Command, Refund, RefundState, RefundUnknown
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository

INDEXES = [
    Index("refunds", [("state", ASCENDING), ("_id", ASCENDING)]),
    Index("refunds", [("registration_id", ASCENDING), ("_id", ASCENDING)]),
]


class Refunds(Repository[Refund, Command]):
    collection = "refunds"
    model = Refund
    decide = staticmethod(rules.decide)
    not_found_error = RefundUnknown

    async def in_state(
        self, state: RefundState, page: PageRequest
    ) -> tuple[list[Refund], str | None]:
        """The oldest first."""
        query = {"state": state.value}
        found, following = await read_page(self.documents, query, [("_id", 1)], page)
        return [self.state(row) for row in found], following
