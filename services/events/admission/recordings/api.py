"""Routes of television recordings and their consent forms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from services.events.admission.dependencies import AllRecordings
from services.events.admission.recordings.errors import (
    EpisodeTaken,
    NotARecording,
    RecordingUnknown,
)
from services.events.admission.recordings.rules import (
    AddForm,
    Bind,
    ConsentForm,
    ConsentText,
    Rebind,
    Recording,
    RecordingFacts,
)
from services.events.dependencies import Organiser
from services.events.programme.activities.rules import ActivityKind
from services.events.programme.dependencies import AllActivities, AllSessions
from services.events.programme.sessions.rules import (
    RequireConsent,
    SessionIsCancelled,
    SessionUnknown,
)
from shared.errors import Conflict, PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn, anyone
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.problems import problems
from shared.mongo import Tx
from shared.roles import Role
from shared.text import Slug

router = APIRouter(prefix="/v1", tags=["recordings"])


class RecordingView(BaseModel):
    session_id: UUID
    facts: RecordingFacts
    form: ConsentForm | None  # what is to be signed now
    versions: int

    @classmethod
    def of(cls, one: Recording) -> "RecordingView":
        return cls(session_id=one.id, facts=one.facts, form=one.form, versions=len(one.forms))


class Episode(BaseModel):
    session_id: UUID
    facts: RecordingFacts


class NewForm(BaseModel):
    text: ConsentText
    again: bool = False  # those who have signed an earlier version are asked to sign again


@router.post(
    "/sessions/{session_id}/recording",
    status_code=201,
    response_model=RecordingView,
    responses=problems(SessionUnknown, SessionIsCancelled, NotARecording, EpisodeTaken, Conflict),
)
async def bind(
    session_id: UUID,
    body: RecordingFacts,
    who: Organiser,
    sessions: AllSessions,
    activities: AllActivities,
    recordings: AllRecordings,
    execute: Execute,
) -> Response:
    """One episode is recorded in this session. From now on its gates ask for a release form."""
    session = await sessions.get(session_id)
    if (await activities.get(session.activity_id)).facts.kind is not ActivityKind.RECORDING:
        raise NotARecording

    async def work(tx: Tx) -> Reply:
        command = Bind(session_id, session.edition_id, body)
        made = await recordings.perform(tx, session_id, command, execute.now)
        await sessions.perform(tx, session_id, RequireConsent(), execute.now)
        return reply(RecordingView.of(made), status=201, version=made.version)

    return await execute.idempotent(work)


@router.get("/recordings", dependencies=[anyone])
async def browse(
    season: Annotated[Slug, Query()], recordings: AllRecordings, sessions: AllSessions
) -> list[Episode]:
    """The public recordings of a season, by round and episode."""
    found = await recordings.of_season(season)
    public = {one.id for one in await sessions.public(_id={"$in": [one.id for one in found]})}
    return [Episode(session_id=one.id, facts=one.facts) for one in found if one.id in public]


@router.get(
    "/sessions/{session_id}/recording",
    response_model=RecordingView,
    responses=problems(SessionUnknown, RecordingUnknown),
)
async def read(
    session_id: UUID, who: MaybeSignedIn, sessions: AllSessions, recordings: AllRecordings
) -> Response:
    """Which episode it is, and the form that everybody on a ticket signs."""
    session = await sessions.get(session_id)
    if not (session.published or (who and who.may(Role.ORGANISER))):
        raise SessionUnknown
    found = await recordings.get(session_id)
    return reply(RecordingView.of(found), version=found.version).response()


@router.put(
    "/sessions/{session_id}/recording",
    response_model=RecordingView,
    responses=problems(RecordingUnknown, EpisodeTaken, PreconditionFailed, PreconditionRequired),
)
async def correct(
    session_id: UUID,
    body: RecordingFacts,
    who: Organiser,
    recordings: AllRecordings,
    execute: Execute,
) -> Response:
    return await execute(recordings, session_id, Rebind(body), RecordingView.of, must_match=True)


@router.post(
    "/sessions/{session_id}/recording/forms",
    status_code=201,
    response_model=RecordingView,
    responses=problems(RecordingUnknown, PreconditionFailed),
)
async def add_form(
    session_id: UUID, body: NewForm, who: Organiser, recordings: AllRecordings, execute: Execute
) -> Response:
    """The words to be signed from now on. Versions before stay on record."""
    command = AddForm(body.text, body.again)
    return await execute(recordings, session_id, command, RecordingView.of, status=201)
