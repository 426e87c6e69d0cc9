import json
from datetime import datetime
from typing import Any
from uuid import UUID

from services.events.booking.forms import rules
from services.events.booking.forms.rules import DescribeForm, Form, FormUnknown, NotAsked
from services.events.booking.registrations.state import Answers
from shared.forms import check_content
from shared.json_object import canonical_json
from shared.mongo import Document, Mongo, Tx
from shared.outbox.store import Outbox
from shared.repositories import Repository


class Forms(Repository[Form, DescribeForm]):
    """The forms of sessions, and what each said in every version: answers are kept with one."""

    collection = "forms"
    model = Form
    decide = staticmethod(rules.decide)
    not_found_error = FormUnknown

    def __init__(self, mongo: Mongo, outbox: Outbox) -> None:
        super().__init__(mongo, outbox)
        self._versions = mongo.collection("form_versions")

    def document(self, state: Form) -> Document:
        """The schemas as text: their own keys ("$ref") mean something to MongoDB."""
        return super().document(state) | {
            "questions": _text(state.questions),
            "follow_up": _text(state.follow_up),
        }

    def state(self, document: Document) -> Form:
        read = {name: _read(document[name]) for name in ("questions", "follow_up")}
        return super().state(document | read)

    async def keep_version(self, tx: Tx, form: Form) -> None:
        """Keep what the form says now: answers name the version that they answer."""
        key = {"session": form.id, "version": form.version}
        version = self.document(form) | {"_id": key}
        await self._versions.insert_one(version, session=tx.session)

    async def version(self, session_id: UUID, version: int) -> Form:
        """As it was then. Raises `FormUnknown`."""
        found = await self._versions.find_one({"_id": {"session": session_id, "version": version}})
        if found is None:
            raise FormUnknown
        return self.state(found | {"_id": session_id})

    async def checked(
        self, session_id: UUID, given: dict[str, Any], now: datetime, *, follow_up: bool = False
    ) -> Answers:
        """What was given, with the version that it answers. Raises `NotAsked`, `InvalidInput`."""
        form = await self.find(session_id)
        if form is None:
            raise NotAsked
        schema = form.follow_up if follow_up else form.questions
        if schema is None:
            raise NotAsked
        check_content(schema, given, at="answers")
        return Answers(form.version, canonical_json(given), now)


def _text(schema: dict[str, Any] | None) -> str | None:
    return None if schema is None else json.dumps(schema)


def _read(text: str | None) -> Any:
    return None if text is None else json.loads(text)
