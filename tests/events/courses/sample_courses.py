"""Makes a course of several sessions over HTTP, and takes people through it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.events.app import build
from services.events.settings import Settings
from shared.clock import now
from shared.ids import new_id
from shared.process import ProcessRole
from shared.roles import Role
from shared.testing.running import Running, running
from tests.events.programme.sample_programme import edition, made, venue
from tests.helping.clock import StandingClock, clock_of

FIRST = timedelta(days=2)  # from now to the first session
WEEK = timedelta(days=7)
TITLE = {"vi": "Thiết kế chữ Việt: dấu Ỗ, ễ, ợ", "en": "Vietnamese type design"}


@asynccontextmanager
async def school(
    settings: Settings,
    made_by: Any = build,
    roles: frozenset[ProcessRole] = frozenset({ProcessRole.API}),
) -> AsyncIterator[Running]:
    """The events service, its clock standing until it is moved."""
    clock = StandingClock(now())
    async with running(made_by, settings, roles=roles, clock=clock) as started:
        yield started


class Course:
    """A published course, and what its staff do."""

    def __init__(self, service: Running, course_id: str, sessions: list[dict[str, Any]]) -> None:
        self.service = service
        self.edition = str(sessions[0]["edition_id"])
        self.id = course_id
        self.path = f"/v1/courses/{course_id}"
        self.sessions = [session["id"] for session in sessions]
        self.starts = [datetime.fromisoformat(one["facts"]["starts_at"]) for one in sessions]

    @property
    def clock(self) -> StandingClock:
        return clock_of(self.service)

    def to_session(self, number: int, minutes: int = 5) -> None:
        """Move the clock to so many minutes after its beginning."""
        self.clock.at = self.starts[number] + timedelta(minutes=minutes)

    def to_its_end(self) -> None:
        self.clock.at = self.starts[-1] + timedelta(hours=3)

    async def gate(self, *numbers: int) -> str:
        """A gate for these of its sessions; its path."""
        async with self.service.as_(Role.ORGANISER) as organiser:
            planned = await made(organiser, "/v1/editions", edition(f"g-{new_id().hex[-8:]}"))
            body = {"name": "Cửa lớp", "sessions": [self.sessions[n] for n in numbers]}
            found = await made(organiser, f"/v1/editions/{planned['id']}/gates", body)
        return f"/v1/gates/{found['id']}"

    async def sheet(self, number: int, reference: str, **who: list[str]) -> httpx.Response:
        async with self.service.as_(Role.ORGANISER) as organiser:
            body = {"session_id": self.sessions[number], "reference": reference, **who}
            return await organiser.post(f"{self.path}/sheets", json=body)

    async def standings(self) -> dict[str, Any]:
        async with self.service.as_(Role.ORGANISER) as organiser:
            found = (await organiser.get(f"{self.path}/attendance")).json()
        return {one["registration_id"]: one for one in found}

    async def issue(self, names: dict[str, str] | None = None) -> httpx.Response:
        async with self.service.as_(Role.ORGANISER) as organiser:
            body = {"names": names} if names else None
            return await organiser.post(f"{self.path}/certificates", json=body)


class Learner:
    """Somebody who is enrolled: their registration, and their ticket."""

    def __init__(self, service: Running) -> None:
        self.person = new_id()
        self.client = service.as_(person=self.person)
        self.id = ""
        self.ticket = ""

    async def enrol(self, course: Course, **wish: Any) -> dict[str, Any]:
        mine: dict[str, Any] = await made(self.client, f"{course.path}/enrolments", wish or None)
        self.id = mine["id"]
        await self.show()
        return mine

    async def show(self) -> None:
        """Get the ticket, once there is one."""
        shown = await self.client.get(f"/v1/registrations/{self.id}/ticket")
        self.ticket = shown.json().get("ticket", "")

    def scan(self, at: datetime, **more: Any) -> dict[str, Any]:
        moment = at.isoformat()
        return {"nonce": str(uuid4()), "ticket": self.ticket, "at": moment, "device": "m"} | more


async def published_course(service: Running, sessions: int = 3, **facts: Any) -> Course:
    """Open for enrolment until its first session begins."""
    clock = clock_of(service)
    async with service.as_(Role.ORGANISER) as organiser:
        planned = await made(organiser, "/v1/editions", edition(f"e-{new_id().hex[-8:]}"))
        await made(organiser, f"/v1/editions/{planned['id']}/announcement")
        activity = await made(
            organiser,
            f"/v1/editions/{planned['id']}/activities",
            {"title": TITLE, "kind": "course"},
        )
        place: UUID = await venue(service)
        days = []
        for number in range(sessions):
            starts = clock.at + FIRST + number * WEEK
            body = {
                "venue_id": str(place),
                "starts_at": starts.isoformat(),
                "ends_at": (starts + timedelta(hours=2)).isoformat(),
                "capacity": 30,
                "opens_at": (clock.at - WEEK).isoformat(),
                "closes_at": starts.isoformat(),
            }
            path = f"/v1/activities/{activity['id']}/sessions"
            day = await made(organiser, path, body)
            await made(organiser, f"/v1/sessions/{day['id']}/publication")
            days.append(day)
        body = {
            "trainers": [str(new_id())],
            "capacity": 30,
            "opens_at": (clock.at - WEEK).isoformat(),
            "closes_at": days[0]["facts"]["starts_at"],
        } | facts
        await made(organiser, f"/v1/activities/{activity['id']}/course", body)
        await made(organiser, f"/v1/courses/{activity['id']}/publication")
    clock.forward(minutes=1)  # who enrols does so after all that was announced
    return Course(service, activity["id"], days)


async def enrolled(course: Course, people: int) -> list[Learner]:
    learners = [Learner(course.service) for _ in range(people)]
    for learner in learners:
        await learner.enrol(course)
    return learners
