"""Nobody who judges or runs a call can find out whose an entry is.

A whole story is told, and everything that was answered, told or kept on the way is searched for a
code beside its author.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.clock import now
from shared.contracts.applications import EntryDecided, EntrySubmitted
from shared.ids import new_id
from shared.mongo import Mongo
from shared.roles import Role
from shared.testing.running import Running
from tests.applications.conftest import Office
from tests.helping.clock import clock_of
from tests.helping.database import empty
from tests.helping.told import documents, envelopes, told

TITLES = [f"Bài dự thi số {number}" for number in range(7)]


@dataclass
class Secret:
    """What only the vault may know."""

    code: str
    author: UUID
    entry: UUID

    def betrayed_by(self, text: str) -> bool:
        return self.code_in(text) and str(self.author) in text

    def code_in(self, text: str) -> bool:
        return re.search(rf"\b{self.code}\b", text) is not None


def text_of(value: Any) -> str:
    """A document, an event or an answer as one text, bytes and ids included."""
    if isinstance(value, dict):
        return " ".join(f"{text_of(key)} {text_of(part)}" for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return " ".join(map(text_of, value))
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, httpx.Response):
        return f"{list(value.headers.items())} {value.text}"
    return str(value)


@dataclass
class Story:
    office: Office
    authors: list[UUID]
    secrets: list[Secret]


@pytest.fixture(scope="module")
async def story(at_work: Running, shelf: Mongo) -> Story:
    """Seven enter (each twice by mistake), one is late, two judge, staff try what they can."""
    await empty(shelf)
    clock_of(at_work).at = now()
    office = Office(at_work)
    await office.open()
    authors = [new_id() for _ in TITLES]
    for author, title in zip(authors, TITLES, strict=True):
        await office.draft(author, {"title": "Nháp"})
        body = {"content": {"title": title}}
        await office.as_(author, "PUT", "/entry", body, Idempotency_Key="nhap")
        path = "/entry/submission"
        await office.as_(author, "POST", path, Idempotency_Key="nop")
        await office.as_(author, "POST", path, Idempotency_Key="nop")
        await office.as_(author, "POST", path)
    await office.draft(late := new_id(), {"title": "Chưa nộp"})
    await office.close()
    await office.submit(late)
    rows = [row async for row in office.mongo.collection("entries").find({"status": "submitted"})]
    vault = {row["_id"]: row["person_id"] async for row in office.mongo.collection("vault").find()}
    secrets = [Secret(row["code"], vault[row["_id"]], row["_id"]) for row in rows]
    await _pry(office, secrets)
    for number, secret in enumerate(secrets):
        for juror in office.jurors:
            await office.score(juror, secret.code, 10 * number, 50)
            await office.score(juror, secret.code, 10 * number, 50)
    await office.as_(Role.CALLS, "GET", "/ranking")
    await office.decide("ABCDEF", *[secrets[0].code])
    await office.decide(secrets[-1].code, secrets[2].code, Idempotency_Key="phan-quyet")
    await office.decide(secrets[-1].code, Idempotency_Key="phan-quyet")
    await _pry(office, secrets)
    for author in authors:
        await office.as_(author, "GET", "/entry")
    return Story(office, authors, secrets)


async def _pry(office: Office, secrets: list[Secret]) -> None:
    """Everybody with a job, and the jurors, ask for whatever might say more."""
    one = secrets[0]
    paths = [
        "",
        "/entries",
        "/entry",
        "/ranking",
        "/v1/calls",
        "/vault",
        "/entries?code=" + one.code,
    ]
    paths += [f"/entries/{one.code}", f"/entries/{one.entry}", f"/entry?person_id={one.author}"]
    for who in (*office.jurors, *Role):
        for path in paths:
            await office.as_(who, "GET", path)
        await office.as_(who, "PUT", f"/entries/{one.entry}/score", {"scores": {}})
        await office.as_(who, "POST", "/entry/submission", {"person_id": str(one.author)})


async def test_the_story_has_what_is_to_be_kept_apart(story: Story) -> None:
    """Else the tests below would pass on nothing."""
    mongo = story.office.mongo
    assert len(story.secrets) == len(story.authors) == len(TITLES)
    assert len(await told(mongo, EntrySubmitted)) == len(TITLES)
    assert len(await told(mongo, EntryDecided)) == len(TITLES)
    everything = " ".join(text_of(answer) for _, answer in story.office.answers)
    assert all(secret.code_in(everything) for secret in story.secrets), "jurors saw the codes"
    kept = text_of([row for _, row in await documents(mongo)])
    assert all(str(author) in kept for author in story.authors)


async def test_no_answer_holds_a_code_and_its_author(story: Story) -> None:
    for who, answer in story.office.answers:
        text = text_of(answer)
        assert not any(secret.betrayed_by(text) for secret in story.secrets), (who, text)


async def test_no_event_holds_a_code_and_its_author(story: Story) -> None:
    told_of = await envelopes(story.office.mongo)
    assert told_of
    for envelope, _ in told_of:
        text = envelope.model_dump_json()
        assert not any(secret.code_in(text) for secret in story.secrets), text


async def test_no_document_holds_a_code_and_its_author(story: Story) -> None:
    for name, row in await documents(story.office.mongo):
        text = text_of(row)
        assert not any(secret.betrayed_by(text) for secret in story.secrets), (name, text)


async def test_nobody_but_the_author_is_ever_answered_with_the_author(story: Story) -> None:
    for who, answer in story.office.answers:
        for secret in story.secrets:
            if who != secret.author:
                assert str(secret.author) not in text_of(answer), (who, answer.request.url)
                assert str(secret.entry) not in text_of(answer), (who, answer.request.url)


async def test_nobody_but_jurors_and_the_public_after_the_verdict_sees_a_code(story: Story) -> None:
    for who, answer in story.office.answers:
        if who in story.authors:
            assert not any(secret.code_in(text_of(answer)) for secret in story.secrets)


async def test_the_order_in_which_authors_are_told_says_nothing_of_codes(story: Story) -> None:
    """Codes are published in order; were authors told in that order, it would pair them."""
    mongo = story.office.mongo
    entered = [event.entry_id for event in await told(mongo, EntrySubmitted)]
    assert [event.entry_id for event in await told(mongo, EntryDecided)] == entered


async def test_control_a_code_beside_its_author_is_found(story: Story) -> None:
    secret = story.secrets[0]
    planted = {"_id": 1, "body": f'{{"code": "{secret.code}"}}'.encode(), "by": secret.author}
    await story.office.mongo.collection("leak").insert_one(planted)
    found = [
        name
        for name, row in await documents(story.office.mongo)
        if secret.betrayed_by(text_of(row))
    ]
    await story.office.mongo.collection("leak").drop()
    assert found == ["leak"]
    answer = httpx.Response(200, headers={"x-author": str(secret.author)}, text=secret.code)
    assert secret.betrayed_by(text_of(answer))
