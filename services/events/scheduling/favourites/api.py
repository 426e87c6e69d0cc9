"""Favourites: sessions that one has marked for oneself."""

from uuid import UUID

from fastapi import APIRouter

from services.events.programme.dependencies import AllSessions
from services.events.programme.sessions.api import SessionView
from services.events.programme.sessions.rules import SessionUnknown
from services.events.scheduling.dependencies import AllFavourites
from shared.errors import Conflict
from shared.http.access import SignedIn
from shared.http.problems import problems

router = APIRouter(prefix="/v1", tags=["favourites"])


class TooManyFavourites(Conflict):
    code = "favourites.full"
    vi = "Bạn đã đánh dấu quá nhiều buổi."
    en = "You have marked too many sessions."


@router.put(
    "/sessions/{session_id}/favourite",
    status_code=204,
    responses=problems(SessionUnknown, TooManyFavourites),
)
async def mark_favourite(
    session_id: UUID, who: SignedIn, sessions: AllSessions, favourites: AllFavourites
) -> None:
    """Mark a public session for oneself.

    It takes no seat; one's own calendar shows it.
    """
    if not (await sessions.get(session_id)).published:
        raise SessionUnknown
    if not await favourites.may_add(who.person_id):
        raise TooManyFavourites
    await favourites.mark(who.person_id, session_id)


@router.delete("/sessions/{session_id}/favourite", status_code=204)
async def unmark_favourite(session_id: UUID, who: SignedIn, favourites: AllFavourites) -> None:
    """Take the mark off a session."""
    await favourites.unmark(who.person_id, session_id)


@router.get("/me/favourites")
async def list_my_favourites(
    who: SignedIn, sessions: AllSessions, favourites: AllFavourites
) -> list[SessionView]:
    """The sessions that one has marked, in order of time, also those cancelled since."""
    found = await sessions.public(_id={"$in": await favourites.of(who.person_id)})
    return [SessionView.of(one) for one in found]
