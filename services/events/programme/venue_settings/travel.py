"""How long it takes from one venue to another.

What organisers have said holds. Where they have said nothing but know both positions, it is
reckoned as the crow flies at a pace that the city's traffic allows, and something for doors and
stairs. Otherwise nobody knows.
"""

from collections.abc import Mapping
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple
from uuid import UUID

from services.events.programme.venue_settings.rules import Position, VenueSettingsFacts

EARTH = 6371.0  # km, mean radius


class Pace(NamedTuple):
    kilometres_an_hour: float = 15.0  # as the crow flies
    to_set_out: int = 10  # minutes, whatever the distance


USUAL_PACE = Pace()


class Travel:
    def __init__(
        self, arrangements: Mapping[UUID, VenueSettingsFacts], pace: Pace = USUAL_PACE
    ) -> None:
        self._arrangements = arrangements
        self._ways = {
            (here, way.venue_id): way.minutes
            for here, facts in arrangements.items()
            for way in facts.ways
        }
        self._pace = pace

    def minutes(self, here: UUID, there: UUID) -> int | None:
        """None where nobody knows."""
        if here == there:
            return 0
        said = self._ways.get((here, there), self._ways.get((there, here)))
        if said is not None:
            return said
        a, b = self._position(here), self._position(there)
        if a is None or b is None:
            return None
        hours = distance(a, b) / self._pace.kilometres_an_hour
        return self._pace.to_set_out + ceil(hours * 60)

    def _position(self, venue_id: UUID) -> Position | None:
        found = self._arrangements.get(venue_id)
        return None if found is None else found.position


def distance(a: Position, b: Position) -> float:
    """Kilometres on the sphere (haversine)."""
    north, south = radians(a.latitude), radians(b.latitude)
    across = radians(b.longitude - a.longitude)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(half, 1.0)))
