"""A service that is nothing but platform: notes that can be written and rewritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from shared.aggregates import Aggregate, Decision
from shared.contracts.registry import DesignerSubmitted
from shared.errors import Conflict, NotFound, PreconditionRequired
from shared.http.access import SignedIn, anyone, requires
from shared.http.execute import Execute
from shared.http.problems import problems
from shared.http.provided import provided
from shared.ids import new_id
from shared.mongo import ASCENDING, Index
from shared.repositories import Repository
from shared.roles import Role
from shared.service import Platform, Service
from shared.text import Line
from tests.conftest import Toy


class NoteUnknown(NotFound):
    code = "note.unknown"
    vi = "Không tìm thấy ghi chú."
    en = "There is no such note."


class TitleTaken(Conflict):
    code = "note.title_taken"
    vi = "Tên ghi chú này đã dùng."
    en = "There is a note with this title."


class Note(Aggregate):
    title: str
    text: str


@dataclass(frozen=True)
class Write:
    key: UUID
    title: str
    text: str


def decide(note: Note | None, command: Write, now: datetime) -> Decision[Note]:
    after = Note(id=command.key, title=command.title, text=command.text)
    after = after.changed(version=note.version) if note else after
    return Decision(after, (DesignerSubmitted(designer_id=command.key),))


class Notes(Repository[Note, Write]):
    collection = "notes"
    model = Note
    decide = staticmethod(decide)
    not_found_error = NoteUnknown
    duplicate_errors: ClassVar = {"title": TitleTaken}


class NoteIn(BaseModel):
    title: Line
    text: Annotated[str, Field(max_length=1_000_000)] = ""


class NoteView(BaseModel):
    id: UUID
    title: str
    text: str

    @classmethod
    def of(cls, note: Note) -> "NoteView":
        return cls.model_validate(note, from_attributes=True)


router = APIRouter(prefix="/v1/notes")
AllNotes = Annotated[Notes, Depends(provided(Notes))]


@router.post("", status_code=201, response_model=NoteView, responses=problems(TitleTaken))
async def write(body: NoteIn, who: SignedIn, notes: AllNotes, execute: Execute) -> Response:
    key = new_id()
    return await execute(notes, key, Write(key, body.title, body.text), NoteView.of, status=201)


@router.put(
    "/{key}",
    response_model=NoteView,
    responses=problems(NoteUnknown, TitleTaken, PreconditionRequired),
)
async def rewrite(
    key: UUID, body: NoteIn, who: SignedIn, notes: AllNotes, execute: Execute
) -> Response:
    return await execute(
        notes, key, Write(key, body.title, body.text), NoteView.of, must_match=True
    )


@router.get("/{key}", dependencies=[anyone], responses=problems(NoteUnknown))
async def read(key: UUID, notes: AllNotes) -> NoteView:
    return NoteView.of(await notes.get(key))


@router.delete("/{key}", dependencies=[Depends(requires(Role.ADMIN))], status_code=204)
async def burn(key: UUID) -> None:
    raise RuntimeError("email lananh@hanoi.example is in here")


def build(platform: Platform[Toy]) -> Service:
    return Service(
        name="notes",
        title="Notes",
        platform=platform,
        routers=[router],
        provides=[Notes(platform.mongo, platform.outbox)],
        indexes=[Index("notes", [("title", ASCENDING)], unique=True)],
    )
