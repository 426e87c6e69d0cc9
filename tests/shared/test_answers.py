"""The check of answers against the OpenAPI document notices an answer that does not fit."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from shared.errors import NotFound
from shared.http.access import anyone
from shared.http.execute import reply
from shared.ids import new_id
from shared.process import ProcessRole
from shared.service import Platform, Service
from shared.testing.answers import AnswerNotDocumented
from shared.testing.running import Running, running
from tests.conftest import Toy
from tests.shared import notes
from tests.shared.notes import NoteView

router = APIRouter(prefix="/v1/said", dependencies=[anyone])


class Longer(NoteView):
    author: str = "Lan"


class Shorter(BaseModel):
    id: UUID
    title: str = "Phố cổ"


class Otherwise(Shorter):
    text: int = 3


SAID = {
    "fits": NoteView(id=new_id(), title="Phố cổ", text=""),
    "longer": Longer(id=new_id(), title="Phố cổ", text=""),
    "shorter": Shorter(id=new_id()),
    "otherwise": Otherwise(id=new_id()),
}


@router.get("/{what}", response_model=NoteView)
async def say(what: str) -> Response:
    if what not in SAID:
        raise NotFound
    return reply(SAID[what]).response()


def build(platform: Platform[Toy]) -> Service:
    return replace(notes.build(platform), routers=[router])


@pytest.fixture
async def service(toy_api: Toy) -> AsyncIterator[Running]:
    async with running(build, toy_api, roles=frozenset({ProcessRole.API})) as started:
        yield started


async def test_an_answer_that_fits_passes(service: Running) -> None:
    async with service.anonymous() as client:
        assert (await client.get("/v1/said/fits")).status_code == 200


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("longer", "author"),
        ("shorter", '"text" is a required property'),
        ("otherwise", "/text: 3 is not of type"),
        ("nothing", "404 is not in the document"),
    ],
)
async def test_control_one_that_does_not_is_noticed(service: Running, what: str, why: str) -> None:
    async with service.anonymous() as client:
        with pytest.raises(AnswerNotDocumented, match=why):
            await client.get(f"/v1/said/{what}")
