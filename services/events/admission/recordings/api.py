from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from services.events.admission.consents.service import ConsentService
from services.events.admission.recordings.consent import Person, Signed, complete
from services.events.admission.recordings.errors import (
    AnotherForm,
    EpisodeTaken,
    EverybodySigns,
    NoFormYet,
    NotARecording,
    NothingSigned,
    RecordingUnknown,
)
from services.events.admission.recordings.rules import (
    AddForm,
    Bind,
    FormText,
    FormWords,
    Rebind,
    Recording,
    RecordingFacts,
)
from services.events.admission.recordings.store import (
    Consents,
    Recordings,
    Signature,
    SignedConsent,
)
from services.events.booking.registrations.errors import RegistrationUnknown
from services.events.booking.registrations.state import Registration
from services.events.booking.registrations.store import Registrations
from services.events.booking.self_service.api import Own
from services.events.programme.activities.rules import ActivityKind
from services.events.programme.activities.store import Activities
from services.events.programme.sessions.rules import (
    RequestRelease,
    SessionIsCancelled,
    SessionUnknown,
)
from services.events.programme.sessions.store import Sessions
from shared.errors import Conflict, PreconditionFailed, PreconditionRequired
from shared.http.access import SignedIn, Visitor, anyone, requires
from shared.http.execute import Execute, reply
from shared.http.idempotency import Reply
from shared.http.paging import Page, Paging
from shared.http.principal import Principal
from shared.http.problems import problems
from shared.http.provided import provided
from shared.mongo import Tx
from shared.roles import Role
from shared.text import Slug

router = APIRouter(prefix="/v1", tags=["recordings"])
AllActivities = Annotated[Activities, Depends(provided(Activities))]
AllRecordings = Annotated[Recordings, Depends(provided(Recordings))]
AllRegistrations = Annotated[Registrations, Depends(provided(Registrations))]
AllForms = Annotated[Consents, Depends(provided(Consents))]
AllSessions = Annotated[Sessions, Depends(provided(Sessions))]
Desk = Annotated[ConsentService, Depends(provided(ConsentService))]
Organiser = Annotated[Principal, Depends(requires(Role.ORGANISER))]


class RecordingView(BaseModel):
    session_id: UUID
    facts: RecordingFacts
    form: FormText | None  # what is to be signed now
    versions: int

    @classmethod
    def of(cls, one: Recording) -> "RecordingView":
        return cls(session_id=one.id, facts=one.facts, form=one.form, versions=len(one.forms))


class Episode(BaseModel):
    session_id: UUID
    facts: RecordingFacts


class NewForm(BaseModel):
    text: FormWords
    again: bool = False  # those who have signed an earlier version are asked to sign again


class Signing(BaseModel):
    """Everybody of the registration, the holder first. `sha256` is that of the words they read."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    people: Annotated[tuple[Person, ...], Field(min_length=1, max_length=50)]


class ConsentView(BaseModel):
    registration_id: UUID
    complete: bool  # a gate would let them in, as far as this goes
    signatures: tuple[Signature, ...]


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
        await sessions.perform(tx, session_id, RequestRelease(), execute.now)
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
    session_id: UUID, who: Visitor, sessions: AllSessions, recordings: AllRecordings
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


@router.get("/sessions/{session_id}/releases", responses=problems(RecordingUnknown))
async def signed(
    session_id: UUID,
    who: Organiser,
    recordings: AllRecordings,
    registrations: AllRegistrations,
    forms: AllForms,
    page: Paging,
) -> Page[ConsentView]:
    """Who has signed what, with the names: for organisers only. Minors stand in no other list."""
    recording = await recordings.get(session_id)
    found, following = await forms.of_session(session_id, page)
    held = {one.id: one for one in await registrations.some([one.id for one in found])}
    items = [_view(recording, held[one.id], one) for one in found if one.id in held]
    return Page(items=items, next=following)


@router.get(
    "/registrations/{registration_id}/release",
    responses=problems(RegistrationUnknown, RecordingUnknown),
)
async def read_release(own: Own, recordings: AllRecordings, forms: AllForms) -> ConsentView:
    """What was signed for a registration, and whether that is enough."""
    return _view(await recordings.get(own.session_id), own, await forms.of(own))


async def holders(
    registration_id: UUID, who: SignedIn, registrations: AllRegistrations
) -> Registration:
    """The holder's own; not even organisers sign for somebody else."""
    found = await registrations.get(registration_id)
    if found.person_id != who.person_id:
        raise RegistrationUnknown
    return found


Holders = Annotated[Registration, Depends(holders)]


@router.post(
    "/registrations/{registration_id}/release",
    status_code=201,
    responses=problems(
        RegistrationUnknown, RecordingUnknown, NoFormYet, AnotherForm, EverybodySigns
    ),
)
async def sign(own: Holders, body: Signing, recordings: AllRecordings, desk: Desk) -> ConsentView:
    """Sign the form for oneself and all who come along. Signed again, the last one counts."""
    release = await desk.sign(own.id, body.sha256, body.people)
    return _view(await recordings.get(own.session_id), own, release)


@router.delete(
    "/registrations/{registration_id}/release",
    responses=problems(RegistrationUnknown, RecordingUnknown, NothingSigned),
)
async def withdraw(own: Holders, recordings: AllRecordings, desk: Desk) -> ConsentView:
    """Withdraw it: gates let nobody of this registration in until it is signed again."""
    release = await desk.withdraw(own.id)
    return _view(await recordings.get(own.session_id), own, release)


def _view(recording: Recording, one: Registration, release: SignedConsent) -> ConsentView:
    given = [Signed(s.version, len(s.people), s.at, s.withdrawn_at) for s in release.signatures]
    return ConsentView(
        registration_id=one.id,
        complete=complete(recording.versions, given, one.size, None),
        signatures=release.signatures,
    )
