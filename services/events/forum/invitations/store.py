"""The collections `invitations` and `guest_needs`.

What a guest needs (diet, access) may say something about health or religion, which are sensitive
data (Law 91/2025/QH15). It is stored separately, so no list or export of invitations contains it.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from pydantic import ConfigDict

from services.events.forum.errors import InvitationUnknown
from services.events.forum.invitations import rules
from services.events.forum.invitations.errors import AlreadyInvited
from services.events.forum.invitations.rules import Command, Invitation, InvitationStatus
from shared.http.paging import PageRequest, read_page
from shared.mongo import ASCENDING, Document, Index, Mongo, ReplaceOne, Tx
from shared.repositories import Repository
from shared.schema import Schema, example
from shared.text import Prose

NEEDS_ARE_KEPT = timedelta(days=365)
"""How long needs are kept at most after the guest has entered them. The visit is over by then."""

INDEXES = [
    Index("invitations", [("activity_id", ASCENDING), ("_id", ASCENDING)]),
    Index("invitations", [("delegation_id", ASCENDING), ("_id", ASCENDING)]),
    Index("invitations", [("person_id", ASCENDING), ("_id", ASCENDING)]),
    # One person is invited once to one session or activity. A revoked invitation has no claim.
    Index(
        "invitations", [("claim", ASCENDING)], unique=True, only_where={"claim": {"$exists": True}}
    ),
    Index(
        "invitations",
        [("secret", ASCENDING)],
        unique=True,
        only_where={"secret": {"$type": "binData"}},
    ),
    Index("guest_needs", [("activity_id", ASCENDING), ("_id", ASCENDING)]),
    Index("guest_needs", [("consented_at", ASCENDING)], expire_after=NEEDS_ARE_KEPT),
]


class Invitations(Repository[Invitation, Command]):
    collection = "invitations"
    model = Invitation
    decide = staticmethod(rules.decide)
    not_found_error = InvitationUnknown
    duplicate_errors: ClassVar = {"claim": AlreadyInvited}

    def document(self, state: Invitation) -> Document:
        facts = state.facts
        found = super().document(state) | {
            "delegation_id": facts.delegation_id,
            "person_id": facts.person_id,
        }
        if facts.person_id is not None and state.status is not InvitationStatus.REVOKED:
            found["claim"] = (facts.session_id or state.activity_id).bytes + facts.person_id.bytes
        return found

    async def check_head(self, delegation_id: UUID, head: UUID | None) -> None:
        """Raises `InvitationUnknown` if the head is not an invitation of the delegation."""
        if head is not None and (await self.get(head)).facts.delegation_id != delegation_id:
            raise InvitationUnknown

    async def by_secret(self, secret: str, now: datetime, tx: Tx | None = None) -> Invitation:
        """Raises `InvitationUnknown`, also if it has expired."""
        query = {"secret": hashed(secret), "facts.expires_at": {"$gt": now}}
        found = await self.documents.find_one(query, session=tx and tx.session)
        if found is None:
            raise InvitationUnknown
        return self.state(found)

    async def of_activity(
        self, activity_id: UUID, statuses: Collection[InvitationStatus], page: PageRequest
    ) -> tuple[list[Invitation], str | None]:
        query = {"activity_id": activity_id, "status": {"$in": [str(one) for one in statuses]}}
        return await self._page(query, page)

    async def accepted(self, delegation_id: UUID) -> list[Invitation]:
        """The accepted invitations of a delegation; at most 500."""
        query = {"delegation_id": delegation_id, "status": InvitationStatus.ACCEPTED.value}
        rows = await self.documents.find(query).sort("_id", 1).to_list(500)
        return [self.state(row) for row in rows]

    async def of_person(
        self, person_id: UUID, page: PageRequest
    ) -> tuple[list[Invitation], str | None]:
        """Those that were sent to a person of the registry."""
        hidden = [InvitationStatus.DRAFTED.value, InvitationStatus.REVOKED.value]
        return await self._page({"person_id": person_id, "status": {"$nin": hidden}}, page)

    async def counts(
        self, activity_id: UUID
    ) -> list[tuple[UUID | None, InvitationStatus, int, int]]:
        """By delegation and status: (delegation, status, invitations, guests and companions)."""
        people = {"$add": [1, {"$size": {"$ifNull": ["$said.companions", []]}}]}
        key = {"delegation": "$delegation_id", "status": "$status"}
        group = {"_id": key, "invitations": {"$sum": 1}, "people": {"$sum": people}}
        stages: list[Document] = [{"$match": {"activity_id": activity_id}}, {"$group": group}]
        return [
            (
                row["_id"]["delegation"],
                InvitationStatus(row["_id"]["status"]),
                row["invitations"],
                row["people"],
            )
            async for row in self.documents.aggregate(stages)
        ]

    async def _page(
        self, query: Document, page: PageRequest
    ) -> tuple[list[Invitation], str | None]:
        found, following = await read_page(self.documents, query, [("_id", 1)], page)
        return [self.state(row) for row in found], following


class Needs(Schema):
    """What a guest asks organisers to prepare. It is stored only with their consent."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra=example(
            {
                "diet": "Ăn chay trường",
                "access": "Cần lối đi cho xe lăn",
                "consented_at": "2026-10-02T08:00:00Z",
            }
        ),
    )

    diet: Prose = ""
    """What they eat or do not eat."""
    access: Prose = ""
    """What they need in order to take part."""
    consented_at: datetime
    """When they agreed that this is kept: RFC 3339, in UTC."""


class GuestNeeds:
    def __init__(self, mongo: Mongo) -> None:
        self._documents = mongo.collection("guest_needs")

    def keep(self, tx: Tx, invitation: Invitation, needs: Needs) -> None:
        row = {"_id": invitation.id, "activity_id": invitation.activity_id, **needs.model_dump()}
        tx.at_commit(self._documents, ReplaceOne({"_id": invitation.id}, row, upsert=True))

    async def of(self, invitation_id: UUID) -> Needs | None:
        found = await self._documents.find_one({"_id": invitation_id})
        return None if found is None else Needs.model_validate(found)

    async def of_activity(self, activity_id: UUID) -> dict[UUID, Needs]:
        """By invitation; at most 1,000."""
        rows = self._documents.find({"activity_id": activity_id}).sort("_id", 1)
        return {row["_id"]: Needs.model_validate(row) for row in await rows.to_list(1_000)}

    async def forget(self, tx: Tx, invitation_id: UUID) -> bool:
        """True if something was stored."""
        deleted = await self._documents.delete_one({"_id": invitation_id}, session=tx.session)
        return bool(deleted.deleted_count)


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
