"""What answers about courses look like."""

from uuid import UUID

from pydantic import BaseModel

from services.events.courses.courses.rules import Course, CourseFacts
from services.events.programme.editions.rules import Cancellation
from shared.text import Localized


class CourseView(BaseModel):
    id: UUID  # also its activity's
    edition_id: UUID
    title: Localized
    facts: CourseFacts
    published: bool
    cancelled: Cancellation | None = None  # none of its sessions is held

    @classmethod
    def of(cls, course: Course) -> "CourseView":
        return cls.model_validate(course, from_attributes=True)
