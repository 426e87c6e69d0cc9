"""Makes editions, activities and sessions over HTTP, as an organiser would."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from services.events.programme.sessions.rules import SessionFacts
from services.events.programme.venues.store import Venues
from shared.clock import HANOI, now
from shared.contracts.registry import SpacePublished
from shared.ids import new_id
from shared.roles import Role
from shared.testing.running import Running
from shared.text import Localized


async def venue(service: Running, capacity: int | None = 200) -> UUID:
    """A venue, as if the registry had told of it."""
    key = new_id()
    space = SpacePublished(
        space_id=key,
        slug=f"nha-{key.hex[:8]}",
        name=Localized(vi="Thư viện Hà Nội", en="Hanoi Library"),
        kind="gathering",
        address="47 Bà Triệu",
        ward="Phường Cửa Nam",
        capacity=capacity,
    )
    mongo = service.platform.mongo
    await mongo.transaction(lambda tx: Venues(mongo).project(tx, space, 1))
    return key


def edition(slug: str = "mua-thu") -> dict[str, Any]:
    return {
        "slug": slug,
        "name": {"vi": "Lễ hội Thiết kế sáng tạo", "en": "Creative Design Festival"},
        "starts_on": "2026-11-07",
        "ends_on": "2026-11-15",
    }


def session(venue_id: UUID, **changes: Any) -> dict[str, Any]:
    starts = now() + timedelta(minutes=30)
    facts = {
        "venue_id": str(venue_id),
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "capacity": 2,
        "opens_at": (now() - timedelta(days=1)).isoformat(),
        "closes_at": starts.isoformat(),
    }
    return facts | changes


def facts(**changes: Any) -> SessionFacts:
    """A session on a Saturday, half an hour after midnight."""
    begins = datetime(2026, 11, 7, 0, 30, tzinfo=HANOI)  # still the 6th in UTC
    given = {
        "venue_id": UUID(int=1),
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "capacity": 20,
        "opens_at": begins - timedelta(days=7),
        "closes_at": begins - timedelta(hours=1),
    }
    return SessionFacts.model_validate(given | changes)


async def made(client: httpx.AsyncClient, path: str, body: Any = None) -> Any:
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def published_session(service: Running, **changes: Any) -> UUID:
    """A session of an announced edition that is open for registration."""
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition(f"e-{new_id().hex[-8:]}"))
        await made(organiser, f"/v1/editions/{planned['id']}/announcement")
        kind = {"title": {"vi": "Xưởng giấy dó", "en": "Dó paper workshop"}, "kind": "workshop"}
        activity = await made(organiser, f"/v1/editions/{planned['id']}/activities", kind)
        body = session(await venue(service), **changes)
        path = f"/v1/activities/{activity['id']}/sessions"
        key = (await made(organiser, path, body))["id"]
        await made(organiser, f"/v1/sessions/{key}/publication")
        return UUID(key)


async def published_sessions(service: Running, *changes: dict[str, Any]) -> list[UUID]:
    """Sessions of one announced edition, open for registration; one for each set of changes."""
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition(f"e-{new_id().hex[-8:]}"))
        await made(organiser, f"/v1/editions/{planned['id']}/announcement")
        kind = {"title": {"vi": "Xưởng giấy dó", "en": "Dó paper workshop"}, "kind": "workshop"}
        activity = await made(organiser, f"/v1/editions/{planned['id']}/activities", kind)
        path, place = f"/v1/activities/{activity['id']}/sessions", await venue(service)
        keys = [(await made(organiser, path, session(place, **one)))["id"] for one in changes]
        for key in keys:
            await made(organiser, f"/v1/sessions/{key}/publication")
    return [UUID(key) for key in keys]


async def published_forum(service: Running, **changes: Any) -> tuple[UUID, UUID]:
    """(activity, session): a forum of an announced edition, and a published session of it."""
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition(f"f-{new_id().hex[-8:]}"))
        await made(organiser, f"/v1/editions/{planned['id']}/announcement")
        forum = {
            "title": {
                "vi": "Diễn đàn các thành phố sáng tạo Đông Nam Á",
                "en": "South-East Asia Creative Cities Forum",
            },
            "kind": "forum",
        }
        activity = await made(organiser, f"/v1/editions/{planned['id']}/activities", forum)
        body = session(await venue(service), **changes)
        key = (await made(organiser, f"/v1/activities/{activity['id']}/sessions", body))["id"]
        await made(organiser, f"/v1/sessions/{key}/publication")
        return UUID(activity["id"]), UUID(key)
