"""How long it takes from one venue to another.

A time that organisers have entered is used. Without one, if both positions are known, it is the
distance in a straight line at the usual speed of the city's traffic, plus some minutes to leave.
In all other cases the time is unknown.
"""

from collections.abc import Mapping
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple
from uuid import UUID

from services.events.programme.venue_settings.rules import Position, VenueSettingsFacts

EARTH = 6371.0  # km, mean radius


class Pace(NamedTuple):
    kilometres_an_hour: float = 15.0  # in a straight line
    to_set_out: int = 10  # minutes to leave, for any distance


USUAL_PACE = Pace()


class Travel:
    def __init__(
        self, venue_settings: Mapping[UUID, VenueSettingsFacts], pace: Pace = USUAL_PACE
    ) -> None:
        self._venue_settings = venue_settings
        self._ways = {
            (here, way.venue_id): way.minutes
            for here, facts in venue_settings.items()
            for way in facts.ways
        }
        self._pace = pace

    def minutes(self, here: UUID, there: UUID) -> int | None:
        """None if it is unknown."""
        if here == there:
            return 0
        entered = self._ways.get((here, there), self._ways.get((there, here)))
        if entered is not None:
            return entered
        a, b = self._position(here), self._position(there)
        if a is None or b is None:
            return None
        hours = distance(a, b) / self._pace.kilometres_an_hour
        return self._pace.to_set_out + ceil(hours * 60)

    def _position(self, venue_id: UUID) -> Position | None:
        found = self._venue_settings.get(venue_id)
        return None if found is None else found.position


def distance(a: Position, b: Position) -> float:
    """In kilometres, on a sphere (haversine formula)."""
    north, south = radians(a.latitude), radians(b.latitude)
    across = radians(b.longitude - a.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(half, 1.0)))
