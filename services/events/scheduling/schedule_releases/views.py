"""Releases of a schedule as they are shown."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from services.events.scheduling.schedule_releases.rules import (
    ChangeKind,
    ScheduleEntry,
    SessionChange,
)
from services.events.scheduling.schedule_releases.store import Release
from shared.clock import Moment
from shared.schema import Schema, example
from shared.text import Localized


class ReleaseSelection(Schema):
    """What to release. Without `sessions`: all that has changed or is new."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "notes": {"vi": "Đổi giờ vì mưa lớn", "en": "Other times because of heavy rain"},
                "sessions": ["0199f3a2-3b42-7c33-8d5e-6f708192a3b4"],
            }
        )
    )

    notes: Localized | None = None
    """What those who read the schedule should know."""
    sessions: Annotated[list[UUID], Field(min_length=1, max_length=1_000)] | None = None
    """Ids of the sessions whose drafts are to be in force."""


class ReleaseView(Schema):
    """One release of an edition's schedule."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "number": 3,
                "at": "2026-10-20T03:00:00Z",
                "notes": {"vi": "Đổi giờ vì mưa lớn", "en": "Other times because of heavy rain"},
                "counts": {"moved": 2, "new": 1},
                "told_at": "2026-10-20T03:00:09Z",
            }
        )
    )

    number: int
    """Its number in the edition, from 1."""
    at: Moment
    """When it was published: RFC 3339, in UTC."""
    notes: Localized | None
    """What those who read the schedule should know."""
    counts: dict[ChangeKind, int]
    """How many sessions changed in which way."""
    told_at: Moment | None
    """When the last of those whom it concerns was told; null: not all are, yet."""

    @classmethod
    def of(cls, release: Release) -> "ReleaseView":
        fields = release.model_dump(include=set(cls.model_fields))
        return cls(**fields, told_at=release.notified_at)


class ChangeView(Schema):
    """What changed of one session."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                "kind": "moved",
                "before": {
                    "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                    "starts_at": "2026-11-06T02:00:00Z",
                    "ends_at": "2026-11-06T04:30:00Z",
                    "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                    "venue": {"vi": "Nhà máy xe lửa Gia Lâm"},
                    "room": {"vi": "Xưởng 2"},
                    "address": "551 Nguyễn Văn Cừ",
                    "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                    "mode": "on_site",
                    "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                },
                "after": {
                    "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                    "starts_at": "2026-11-06T07:00:00Z",
                    "ends_at": "2026-11-06T09:30:00Z",
                    "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                    "venue": {"vi": "Nhà máy xe lửa Gia Lâm"},
                    "room": {"vi": "Xưởng 2"},
                    "address": "551 Nguyễn Văn Cừ",
                    "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                    "mode": "on_site",
                    "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                },
                "fields": ["starts_at", "ends_at"],
            }
        )
    )

    session_id: UUID
    kind: ChangeKind
    """`new`, `moved` (another time or place), `changed` (its name, hosts or mode), `cancelled`."""
    before: ScheduleEntry | None
    """As it was; null if it is new."""
    after: ScheduleEntry | None
    """As it is now; null if it is cancelled."""
    fields: tuple[str, ...]
    """The names of the fields that differ."""

    @classmethod
    def of(cls, change: SessionChange) -> "ChangeView":
        return cls(**change._asdict())


class ReleaseDifference(Schema):
    """What differs between two releases."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "release": {
                    "number": 3,
                    "at": "2026-10-20T03:00:00Z",
                    "notes": {
                        "vi": "Đổi giờ vì mưa lớn",
                        "en": "Other times because of heavy rain",
                    },
                    "counts": {"moved": 2, "new": 1},
                    "told_at": "2026-10-20T03:00:09Z",
                },
                "since": 2,
                "changes": [
                    {
                        "session_id": "0199f3a2-3b42-7c33-8d5e-6f708192a3b4",
                        "kind": "moved",
                        "before": {
                            "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                            "starts_at": "2026-11-06T02:00:00Z",
                            "ends_at": "2026-11-06T04:30:00Z",
                            "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                            "venue": {"vi": "Nhà máy xe lửa Gia Lâm"},
                            "room": {"vi": "Xưởng 2"},
                            "address": "551 Nguyễn Văn Cừ",
                            "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                            "mode": "on_site",
                            "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                        },
                        "after": {
                            "title": {"vi": "Nặn gốm Bát Tràng", "en": "Bát Tràng pottery"},
                            "starts_at": "2026-11-06T07:00:00Z",
                            "ends_at": "2026-11-06T09:30:00Z",
                            "venue_id": "0199f3a2-4c53-7d44-8f70-8192a3b4c5d6",
                            "venue": {"vi": "Nhà máy xe lửa Gia Lâm"},
                            "room": {"vi": "Xưởng 2"},
                            "address": "551 Nguyễn Văn Cừ",
                            "room_id": "0199f3a2-5d64-7e55-9081-92a3b4c5d6e7",
                            "mode": "on_site",
                            "hosts": ["0199f3a2-6e75-7f66-8192-a3b4c5d6e7f8"],
                        },
                        "fields": ["starts_at", "ends_at"],
                    }
                ],
            }
        )
    )

    release: ReleaseView
    """The later release."""
    since: int
    """The number of the release that it is compared with; 0: an empty schedule."""
    changes: list[ChangeView]
    """What changed between them, session by session."""
