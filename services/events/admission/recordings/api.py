"""Recordings: sessions in which an episode of a television season is recorded."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict
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
from shared.schema import Schema, example
from shared.text import Slug

router = APIRouter(prefix="/v1", tags=["recordings"])


class RecordingView(Schema):
    """That a session is recorded for television."""

    session_id: UUID
    facts: RecordingFacts
    """Which episode it is."""
    form: ConsentForm | None
    """The words that are to be signed now; null: none yet."""
    versions: int
    """How many versions of the words there have been."""

    @classmethod
    def of(cls, one: Recording) -> "RecordingView":
        return cls(session_id=one.id, facts=one.facts, form=one.form, versions=len(one.forms))


class Episode(Schema):
    """An episode that is recorded in a public session."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "facts": {
                    "season": "tai-nang-sang-tao-2026",
                    "round": "Vòng bán kết",
                    "episode": 7,
                },
            }
        )
    )

    session_id: UUID
    facts: RecordingFacts
    """Which episode it is."""


class NewForm(Schema):
    """The words that are to be signed from now on."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "text": {"vi": "Tôi đồng ý để hình ảnh của mình được phát trên truyền hình."},
                "again": False,
            }
        )
    )

    text: ConsentText
    """What people agree to."""
    again: bool = False
    """Those who have signed an earlier version are asked to sign again."""


@router.post(
    "/sessions/{session_id}/recording",
    status_code=201,
    response_model=RecordingView,
    responses=problems(SessionUnknown, SessionIsCancelled, NotARecording, EpisodeTaken, Conflict),
)
async def create_recording(
    session_id: UUID,
    body: RecordingFacts,
    who: Organiser,
    sessions: AllSessions,
    activities: AllActivities,
    recordings: AllRecordings,
    execute: Execute,
) -> Response:
    """Say that an episode is recorded in this session. From now on its gates ask for consent."""
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
async def list_recordings(
    season: Annotated[Slug, Query(description="The slug of the season.")],
    recordings: AllRecordings,
    sessions: AllSessions,
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
async def read_recording(
    session_id: UUID, who: MaybeSignedIn, sessions: AllSessions, recordings: AllRecordings
) -> Response:
    """Which episode is recorded, and the words that everybody on a ticket signs."""
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
async def update_recording(
    session_id: UUID,
    body: RecordingFacts,
    who: Organiser,
    recordings: AllRecordings,
    execute: Execute,
) -> Response:
    """Say that another episode is recorded in this session."""
    return await execute(recordings, session_id, Rebind(body), RecordingView.of, must_match=True)


@router.post(
    "/sessions/{session_id}/recording/forms",
    status_code=201,
    response_model=RecordingView,
    responses=problems(RecordingUnknown, PreconditionFailed),
)
async def create_consent_form(
    session_id: UUID, body: NewForm, who: Organiser, recordings: AllRecordings, execute: Execute
) -> Response:
    """Set the words that are to be signed from now on. Earlier versions stay on record."""
    command = AddForm(body.text, body.again)
    return await execute(recordings, session_id, command, RecordingView.of, status=201)
