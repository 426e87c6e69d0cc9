"""An edition whose schedule is worked on, as an organiser does over HTTP."""

from datetime import datetime, timedelta
from typing import Any

from services.events.booking.session_endings.jobs import CancelledSessionJob
from services.events.scheduling.schedule_releases.jobs import ReleaseNoticeJob
from shared.contracts.events import ChangeNoticeIssued
from shared.testing.running import Running
from tests.events.programme.sample_programme import made, session, venue
from tests.helping.told import told


class Festival:
    """An edition with an activity, and an organiser at work on its sessions."""

    def __init__(self, service: Running, organiser: Any, edition_id: str, activity: str) -> None:
        self.service, self.organiser = service, organiser
        self.edition, self.activity = edition_id, activity
        self.path = f"/v1/editions/{edition_id}"

    async def plan(self, **changes: Any) -> str:
        place = changes.pop("venue_id", None) or await venue(self.service)
        body = session(place, **changes)
        made_ = await made(self.organiser, f"/v1/activities/{self.activity}/sessions", body)
        return str(made_["id"])

    async def redraft(self, key: str, **changes: Any) -> Any:
        current = await self.organiser.get(f"/v1/sessions/{key}")
        facts = (current.json()["draft"] or current.json()["facts"]) | changes
        etag = {"If-Match": current.headers["etag"]}
        answer = await self.organiser.put(f"/v1/sessions/{key}", json=facts, headers=etag)
        return answer.json() if answer.is_success else answer

    async def move(self, key: str, **by: float) -> None:
        """Give a session a draft that is so much later."""
        facts = (await self.organiser.get(f"/v1/sessions/{key}")).json()["facts"]
        names = ("starts_at", "ends_at")
        moved = {n: (datetime.fromisoformat(facts[n]) + timedelta(**by)).isoformat() for n in names}
        await self.redraft(key, **moved)

    async def release(self, **body: Any) -> Any:
        return await made(self.organiser, f"{self.path}/releases", body)

    async def describe(self, **changes: Any) -> None:
        """Change what the activity says of itself."""
        path = f"/v1/activities/{self.activity}"
        current = await self.organiser.get(path)
        etag = {"If-Match": current.headers["etag"]}
        facts = current.json()["facts"] | changes
        (await self.organiser.put(path, json=facts, headers=etag)).raise_for_status()

    async def notify(self) -> list[ChangeNoticeIssued]:
        """Let all releases notify everybody; all notices so far."""
        job: ReleaseNoticeJob = self.service.process.service.workers["notices"].__self__  # type: ignore[attr-defined]
        while await job.look():
            pass
        return await told(self.service.platform.mongo, ChangeNoticeIssued)

    async def end(self) -> None:
        """Let what people had in cancelled sessions be ended."""
        job: CancelledSessionJob = self.service.process.service.workers["endings"].__self__  # type: ignore[attr-defined]
        while await job.look() or await job.unfinished():
            pass
