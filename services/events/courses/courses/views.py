"""What answers about courses look like."""

from uuid import UUID

from pydantic import ConfigDict

from services.events.courses.courses.rules import Course, CourseFacts
from services.events.programme.editions.rules import Cancellation
from shared.schema import Schema, example
from shared.text import Localized


class CourseView(Schema):
    """A course: an activity whose sessions people enrol in as a whole."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "id": "0199f3a2-2a31-7b22-9c4d-5e6f708192a3",
                "edition_id": "0199f3a2-1f20-7a11-8b3c-4d5e6f708192",
                "title": {"vi": "Khóa học sơn mài", "en": "Lacquer course"},
                "facts": {
                    "trainers": ["0199f3a2-6e75-7f67-92a3-b4c5d6e7f809"],
                    "capacity": 20,
                    "opens_at": "2026-10-01T02:00:00Z",
                    "closes_at": "2026-11-05T10:00:00Z",
                    "kinds": [{"kind": "general", "fee": 800000}],
                    "minimum_percent": 80,
                },
                "published": True,
                "cancelled": None,
            }
        )
    )

    id: UUID
    """The course's id: that of its activity."""
    edition_id: UUID
    title: Localized
    """The name of its activity."""
    facts: CourseFacts
    """What organisers say of it."""
    published: bool
    """Whether everybody can see it."""
    cancelled: Cancellation | None = None
    """When and why it was cancelled: none of its sessions is held."""

    @classmethod
    def of(cls, course: Course) -> "CourseView":
        return cls.model_validate(course, from_attributes=True)
