"""Cases of people: two sessions at once, travel, availability."""

from tests.events.scheduling.warning_cases import (
    CUONG,
    HALL,
    LAN,
    LIBRARY,
    MUSEUM,
    NOBODY_NEEDED,
    POSITIONS,
    TOWER,
    Case,
    activity,
    held,
    known,
)

CASES = [
    # People
    Case(
        "one person in two houses",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 10:00", "07 12:00", hosts=(LAN, CUONG), venue_id=TOWER)],
        [("person_overlap", "A B", {"minutes": 60})],
    ),
    Case(
        "two persons in two houses",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 10:00", "07 12:00", hosts=(CUONG,), venue_id=TOWER)],
        [],
    ),
    Case(
        "two persons who both are wanted twice",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN, CUONG)),
         held("B", "07 10:00", "07 12:00", hosts=(CUONG, LAN), venue_id=TOWER)],
        [("person_overlap", "A B", {"minutes": 60}), ("person_overlap", "A B", {"minutes": 60})],
    ),
    Case(
        "from one to the next in the same house",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:00", "07 12:00", hosts=(LAN,))],
        [],
    ),
    Case(
        "setting up is not the speaker's",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:00", "07 12:00", hosts=(LAN,), setup=60, venue_id=TOWER)],
        [],
    ),
    Case(
        "online and elsewhere at once is still twice",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,), online=True),
         held("B", "07 10:00", "07 12:00", hosts=(LAN,))],
        [("person_overlap", "A B", {"minutes": 60})],
    ),
    Case(
        "the activity's speakers hold a session that names nobody",
        [held("A", "07 09:00", "07 11:00", activity_id=known("talk")),
         held("B", "07 10:00", "07 12:00", hosts=(LAN,), venue_id=TOWER)],
        [("person_overlap", "A B", {"minutes": 60})],
        {"activities": [activity(NOBODY_NEEDED), activity(known("talk"), speakers=(LAN,))]},
    ),
    Case(
        "a session that names its own frees the activity's",
        [held("A", "07 09:00", "07 11:00", activity_id=known("talk"), hosts=(CUONG,)),
         held("B", "07 10:00", "07 12:00", hosts=(LAN,), venue_id=TOWER)],
        [],
        {"activities": [activity(NOBODY_NEEDED), activity(known("talk"), speakers=(LAN,))]},
    ),
    Case(
        "who hosts the activity, speaks there and is named by the session is one person",
        [held("A", "07 09:00", "07 11:00", activity_id=known("talk"), hosts=(LAN,))],
        [],
        {"activities": [activity(known("talk"), hosts=(LAN,), speakers=(LAN,))]},
    ),
    Case(
        "who hosts and speaks is wanted once",
        [held("A", "07 09:00", "07 11:00", activity_id=known("talk")),
         held("B", "07 10:00", "07 12:00", activity_id=known("talk"), venue_id=TOWER)],
        [("person_overlap", "A B", {"minutes": 60})],
        {"activities": [activity(known("talk"), hosts=(LAN,), speakers=(LAN,))]},
    ),
    # Travel
    Case(
        "the way is longer than the pause",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:30", "07 12:00", hosts=(LAN,), room_id=HALL)],
        [("travel_too_short", "A B", {"minutes": 7, "needed": 37})],
        {"venue_settings": POSITIONS},
    ),
    Case(
        "just in time",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:37", "07 12:00", hosts=(LAN,), room_id=HALL)],
        [],
        {"venue_settings": POSITIONS},
    ),
    Case(
        "what organisers say of the way holds",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:30", "07 12:00", hosts=(LAN,), room_id=HALL)],
        [("travel_too_short", "A B", {"minutes": 15, "needed": 45})],
        {"venue_settings": POSITIONS | {
            MUSEUM: {"ways": [{"venue_id": str(LIBRARY), "minutes": 45}]}}},
    ),
    Case(
        "a way that nobody knows",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:00", "07 12:00", hosts=(LAN,), venue_id=TOWER)],
        [],
        {"venue_settings": POSITIONS},
    ),
    Case(
        "nobody travels to a session online, and it gains no time on the way",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("between", "07 11:00", "07 11:10", hosts=(LAN,), online=True),
         held("B", "07 11:30", "07 12:00", hosts=(LAN,), room_id=HALL)],
        [("travel_too_short", "A B", {"minutes": 7, "needed": 37})],
        {"venue_settings": POSITIONS},
    ),
    Case(
        "another person has time enough",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 11:30", "07 12:00", hosts=(CUONG,), room_id=HALL)],
        [],
        {"venue_settings": POSITIONS},
    ),
    Case(
        "who is in two places at once is told that, not that the way is long",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,)),
         held("B", "07 10:59", "07 12:00", hosts=(LAN,), room_id=HALL)],
        [("person_overlap", "A B", {"minutes": 1})],
        {"venue_settings": POSITIONS},
    ),
    # Availability
    Case(
        "who has said nothing can always come",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,))],
        [],
        {"available": {CUONG: [("08 09:00", "08 10:00")], LAN: []}},
    ),
    Case(
        "wholly at another time",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,))],
        [("person_unavailable", "A", {"minutes": 120})],
        {"available": {LAN: [("08 09:00", "08 10:00")]}},
    ),
    Case(
        "exactly then",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,))],
        [],
        {"available": {LAN: [("07 09:00", "07 11:00")]}},
    ),
    Case(
        "leaves before the end",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,))],
        [("person_unavailable", "A", {"minutes": 20})],
        {"available": {LAN: [("07 08:00", "07 10:40")]}},
    ),
    Case(
        "two times that touch are one",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,))],
        [],
        {"available": {LAN: [("07 10:00", "07 12:00"), ("07 08:00", "07 10:00")]}},
    ),
    Case(
        "away in the middle",
        [held("A", "07 09:00", "07 11:00", hosts=(LAN,))],
        [("person_unavailable", "A", {"minutes": 15})],
        {"available": {LAN: [("07 08:00", "07 09:45"), ("07 10:00", "07 12:00")]}},
    ),
]  # fmt: skip
