"""What a field's name means wherever it stands, with an example.

A property or parameter of one of these names needs no text of its own in the OpenAPI documents. Put
a name here only if the text is true everywhere and says a unit, a rule or where the value comes
from; where one place means more, say so at the field.
"""

from typing import Any, NamedTuple


class Known(NamedTuple):
    description: str
    example: Any = None


FIELDS = {
    "id": Known("Its id: a UUID, version 7."),
    # Ids, and where each comes from.
    "person_id": Known("The id of a person in the registry."),
    "designer_id": Known("The id of a designer: that of the person."),
    "space_id": Known("The id of a creative space in the registry."),
    "edition_id": Known("The id of a festival edition."),
    "activity_id": Known("The id of an activity of an edition."),
    "strand_id": Known("The id of a strand of an edition."),
    "session_id": Known("The id of a session."),
    "bookable_id": Known("The id of a session or, for a course, of its activity."),
    "bookable_kind": Known("Whether it is a session or a course."),
    "series_id": Known("The id of a series of sessions."),
    "course_id": Known("The id of a course: that of its activity."),
    "venue_id": Known("The id of a venue: that of its space in the registry."),
    "room_id": Known("The id of a room in a venue."),
    "registration_id": Known("The id of a registration."),
    "pool_id": Known("The id of a quota that several sessions share."),
    "wish_id": Known("The id that registrations made by one list of preferences share."),
    "gate_id": Known("The id of a gate."),
    "refund_id": Known("The id of a refund."),
    "invitation_id": Known("The id of an invitation."),
    "delegation_id": Known("The id of a delegation of guests."),
    "paper_id": Known("The id of a paper."),
    "outcome_id": Known("The id of an outcome of a session."),
    "notice_id": Known("The id of an announcement."),
    "claim_id": Known("The id of one recorded count of visitors."),
    "call_id": Known("The id of a call."),
    "agency_id": Known("The id of an agency."),
    "initiative_id": Known("The id of an initiative."),
    "item_id": Known("The id of a work item."),
    "follow_up_id": Known("The id of a follow-up: that of the forum's outcome."),
    "letter_id": Known("The id of a dead letter, as the list of them has it."),
    # Times.
    "starts_at": Known("When it begins: RFC 3339, in UTC.", "2026-11-06T02:00:00Z"),
    "ends_at": Known("When it ends: RFC 3339, in UTC.", "2026-11-06T04:30:00Z"),
    "changed_at": Known("When it last changed: RFC 3339, in UTC."),
    "expires_at": Known("Until when it is good: RFC 3339, in UTC."),
    # Texts.
    "q": Known("Words to search for, without regard to case and diacritics."),
    "secret": Known("The secret part of an address, as it was given."),
    "slug": Known("Its name in addresses: lower-case letters, digits, hyphens.", "lua-van-phuc"),
}
