"""Activities of an edition, such as exhibitions, talks and workshops."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from services.events.dependencies import Organiser
from services.events.programme.activities.queries import (
    ActivityFilter,
    SessionFilter,
    activity_filter,
    session_filter,
)
from services.events.programme.activities.rules import (
    Activity,
    ActivityFacts,
    ActivityKind,
    ActivityKindFixed,
    ActivityUnknown,
    Describe,
)
from services.events.programme.dependencies import (
    AllActivities,
    AllEditions,
    AllSessions,
    AllStrands,
)
from services.events.programme.editions.api import visible_edition
from services.events.programme.editions.rules import EditionUnknown
from services.events.programme.strands.rules import StrandUnknown
from shared.errors import PreconditionFailed, PreconditionRequired
from shared.http.access import MaybeSignedIn
from shared.http.execute import Execute, reply
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.ids import new_id
from shared.roles import Role
from shared.schema import Schema

router = APIRouter(prefix="/v1", tags=["activities"])


class ActivityView(Schema):
    """An activity of an edition."""

    id: UUID
    edition_id: UUID
    facts: ActivityFacts
    """What organisers say of it."""

    @classmethod
    def of(cls, activity: Activity) -> "ActivityView":
        return cls.model_validate(activity, from_attributes=True)


@router.get("/editions/{edition_id}/activities", responses=problems(EditionUnknown))
async def list_activities(
    edition_id: UUID,
    who: MaybeSignedIn,
    editions: AllEditions,
    activities: AllActivities,
    sessions: AllSessions,
    page: Paging,
    wanted: Annotated[ActivityFilter, Depends(activity_filter)],
    held: Annotated[SessionFilter, Depends(session_filter)],
    q: Annotated[str, Query(max_length=100)] = "",
) -> Page[ActivityView]:
    """An announced edition's activities; for organisers also a planned one's.

    With `day` and `venue_id`, those that have a session there and then: a public one, unless an
    organiser asks. Search takes no account of case and diacritics.
    """
    await visible_edition(edition_id, who, editions)
    staff = who is not None and who.may(Role.ORGANISER)
    query = held.query()
    if query:
        public = {} if staff else {"published": True}
        query = {"_id": {"$in": await sessions.activity_ids(edition_id, query | public)}}
    found, following = await activities.of_edition(edition_id, wanted, q, page, **query)
    return Page(items=[ActivityView.of(activity) for activity in found], next=following)


@router.post(
    "/editions/{edition_id}/activities",
    status_code=201,
    response_model=ActivityView,
    responses=problems(EditionUnknown, StrandUnknown),
)
async def create_activity(
    edition_id: UUID,
    body: ActivityFacts,
    who: Organiser,
    editions: AllEditions,
    activities: AllActivities,
    strands: AllStrands,
    execute: Execute,
) -> Response:
    """Enter an activity of an edition."""
    await editions.get(edition_id)
    await strands.check_in_edition(edition_id, body.strand_id)
    key = new_id()
    return await execute(
        activities, key, Describe(key, edition_id, body), ActivityView.of, status=201
    )


@router.get(
    "/activities/{activity_id}", response_model=ActivityView, responses=problems(ActivityUnknown)
)
async def read_activity(
    activity_id: UUID, who: MaybeSignedIn, editions: AllEditions, activities: AllActivities
) -> Response:
    """An activity of an announced edition; for organisers also of a planned one."""
    activity = await activities.get(activity_id)
    edition = await editions.get(activity.edition_id)
    if not (edition.announced or (who and who.may(Role.ORGANISER))):
        raise ActivityUnknown
    return reply(ActivityView.of(activity), version=activity.version).response()


@router.put(
    "/activities/{activity_id}",
    response_model=ActivityView,
    responses=problems(
        ActivityUnknown, StrandUnknown, ActivityKindFixed, PreconditionFailed, PreconditionRequired
    ),
)
async def update_activity(
    activity_id: UUID,
    body: ActivityFacts,
    who: Organiser,
    activities: AllActivities,
    sessions: AllSessions,
    strands: AllStrands,
    execute: Execute,
) -> Response:
    """Replace what is said of an activity.

    An activity that has sessions cannot become a course, nor a course another kind: a course's
    sessions have no seats of their own.
    """
    known = await activities.get(activity_id)
    was, will_be = (facts.kind is ActivityKind.COURSE for facts in (known.facts, body))
    if was is not will_be and await sessions.any_of_activity(activity_id):
        raise ActivityKindFixed
    await strands.check_in_edition(known.edition_id, body.strand_id)
    command = Describe(activity_id, known.edition_id, body)
    return await execute(activities, activity_id, command, ActivityView.of, must_match=True)
