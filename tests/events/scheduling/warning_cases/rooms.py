"""Cases of rooms, with the time to set up and strike."""

from tests.events.scheduling.warning_cases import (
    HALL,
    LIBRARY,
    MINUTE,
    MUSEUM,
    STUDIO,
    TOWER,
    Case,
    at,
    held,
    known,
    room,
)

CASES = [
    # Rooms
    Case(
        "two in one room at once",
        [held("A", "07 09:00", "07 11:00", room_id=HALL),
         held("B", "07 10:00", "07 12:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 60})],
    ),
    Case(
        "exactly the same time",
        [held("A", "07 09:00", "07 11:00", room_id=HALL),
         held("B", "07 09:00", "07 11:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 120})],
    ),
    Case(
        "one within the other",
        [held("A", "07 09:00", "07 17:00", room_id=HALL),
         held("B", "07 10:00", "07 10:30", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 30})],
    ),
    Case(
        "back to back, with nothing to set up",
        [held("A", "07 09:00", "07 11:00", room_id=HALL),
         held("B", "07 11:00", "07 12:00", room_id=HALL)],
        [],
    ),
    Case(
        "one minute too long",
        [held("A", "07 09:00", "07 11:01", room_id=HALL),
         held("B", "07 11:00", "07 12:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 1})],
    ),
    Case(
        "seconds count as a minute",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, ends_at=at("07 11:00") + MINUTE / 2),
         held("B", "07 11:00", "07 12:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 1})],
    ),
    Case(
        "another room of the same house",
        [held("A", "07 09:00", "07 11:00", room_id=HALL),
         held("B", "07 09:00", "07 11:00", room_id=STUDIO)],
        [],
    ),
    Case(
        "the same hours on another day",
        [held("A", "07 09:00", "07 11:00", room_id=HALL),
         held("B", "08 09:00", "08 11:00", room_id=HALL)],
        [],
    ),
    Case(
        "three at once are three pairs",
        [held("A", "07 09:00", "07 12:00", room_id=HALL),
         held("B", "07 10:00", "07 12:00", room_id=HALL),
         held("C", "07 11:00", "07 12:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 120}),
         ("room_overlap", "A C", {"minutes": 60}),
         ("room_overlap", "B C", {"minutes": 60})],
    ),
    Case(
        "a long one meets two that do not meet",
        [held("long", "07 09:00", "07 17:00", room_id=HALL),
         held("B", "07 09:00", "07 10:00", room_id=HALL),
         held("C", "07 10:00", "07 11:00", room_id=HALL)],
        [("room_overlap", "B long", {"minutes": 60}),
         ("room_overlap", "long C", {"minutes": 60})],
    ),
    Case(
        "a short one that is over hides nothing from a third",
        [held("A", "07 09:00", "07 12:00", room_id=HALL),
         held("B", "07 09:30", "07 10:00", room_id=HALL),
         held("C", "07 11:00", "07 13:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 30}), ("room_overlap", "A C", {"minutes": 60})],
    ),
    Case(
        "over midnight",
        [held("A", "07 22:00", "08 01:00", room_id=HALL),
         held("B", "08 00:30", "08 02:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 30})],
    ),
    Case(
        "a house without rooms is taken whole",
        [held("A", "07 09:00", "07 11:00"), held("B", "07 10:00", "07 12:00")],
        [("room_overlap", "A B", {"minutes": 60})],
    ),
    Case(
        "without a room in a house that has some, nobody knows where it is",
        [held("A", "07 09:00", "07 11:00", venue_id=MUSEUM),
         held("B", "07 10:00", "07 12:00", room_id=HALL)],
        [("room_missing", "A", {})],
    ),
    Case(
        "two houses",
        [held("A", "07 09:00", "07 11:00"), held("B", "07 09:00", "07 11:00", venue_id=TOWER)],
        [],
    ),
    Case(
        "two online need no house",
        [held("A", "07 09:00", "07 11:00", online=True),
         held("B", "07 09:00", "07 11:00", online=True)],
        [],
    ),
    Case(
        "online out of a room takes the room",
        [held("A", "07 09:00", "07 11:00", online=True, room_id=HALL),
         held("B", "07 10:00", "07 11:00", room_id=HALL)],
        [("room_overlap", "A B", {"minutes": 60})],
    ),
    Case(
        "a room of another house",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, venue_id=LIBRARY)],
        [("room_unknown", "A", {})],
    ),
    Case(
        "a room that is gone",
        [held("A", "07 09:00", "07 11:00", venue_id=MUSEUM, room_id=known("gone"))],
        [("room_unknown", "A", {})],
    ),
    # Setting up and striking
    Case(
        "no time to set up",
        [held("A", "07 09:00", "07 11:00"), held("B", "07 11:00", "07 12:00", setup=30)],
        [("room_changeover", "A B", {"minutes": 30})],
    ),
    Case(
        "no time to strike",
        [held("A", "07 09:00", "07 11:00", strike=20), held("B", "07 11:10", "07 12:00")],
        [("room_changeover", "A B", {"minutes": 10})],
    ),
    Case(
        "striking and setting up after another fit exactly",
        [held("A", "07 09:00", "07 11:00", strike=20),
         held("B", "07 11:50", "07 12:30", setup=30)],
        [],
    ),
    Case(
        "striking and setting up are not done at once",
        [held("A", "07 09:00", "07 11:00", strike=20),
         held("B", "07 11:30", "07 12:30", setup=30)],
        [("room_changeover", "A B", {"minutes": 20})],
    ),
    Case(
        "the room asks for more time than the session",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, strike=5),
         held("B", "07 11:30", "07 12:30", room_id=HALL)],
        [("room_changeover", "A B", {"minutes": 15})],
        {"rooms": [room(HALL, "Hội trường", setup_minutes=15, strike_minutes=30)]},
    ),
    Case(
        "the session asks for more time than the room",
        [held("A", "07 09:00", "07 11:00", room_id=HALL, strike=60),
         held("B", "07 11:30", "07 12:30", room_id=HALL)],
        [("room_changeover", "A B", {"minutes": 30})],
        {"rooms": [room(HALL, "Hội trường", strike_minutes=15)]},
    ),
    Case(
        "one that begins later is set up earlier",
        [held("A", "07 09:00", "07 10:00"), held("B", "07 12:00", "07 13:00", setup=240)],
        [("room_changeover", "A B", {"minutes": 60})],
    ),
    Case(
        "an overlap is told as such, not as missing time",
        [held("A", "07 09:00", "07 11:00", strike=60),
         held("B", "07 10:45", "07 12:00", setup=60)],
        [("room_overlap", "A B", {"minutes": 15})],
    ),
]  # fmt: skip
