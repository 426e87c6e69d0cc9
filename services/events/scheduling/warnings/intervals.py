"""Which of many spans of time overlap.

Spans are half-open: one that ends when another begins does not overlap it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_OTHERS = 10  # overlaps that are reported for one span


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    start: datetime
    end: datetime
    of: T


def overlapping(spans: Iterable[Span[T]]) -> Iterator[tuple[Span[T], Span[T]]]:
    """Each pair that overlaps, the earlier first; at most `MAX_OTHERS` pairs for each later span.

    One pass in order of time, with a heap of the spans that have not ended yet: O(n log n) and the
    number of pairs.
    """
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    running: list[tuple[datetime, int]] = []
    for number, span in enumerate(ordered):
        while running and running[0][0] <= span.start:
            heappop(running)
        for earlier in sorted(number for _, number in running[:MAX_OTHERS]):
            yield ordered[earlier], span
        heappush(running, (span.end, number))


class Timeline(Generic[T]):
    """Spans, sorted so that those at a given time are found quickly."""

    def __init__(self, spans: Iterable[Span[T]]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        self._latest = list(accumulate((span.end for span in self._spans), max))

    def during(self, start: datetime, end: datetime) -> Sequence[Span[T]]:
        """The latest `MAX_OTHERS` spans that overlap this time, in order of time."""
        found: list[Span[T]] = []
        number = bisect_left(self._starts, end) - 1
        while number >= 0 and self._latest[number] > start and len(found) < MAX_OTHERS:
            if self._spans[number].end > start:
                found.append(self._spans[number])
            number -= 1
        return found[::-1]


def whole_minutes(length: timedelta) -> int:
    """In minutes, rounded up."""
    return -(-length // timedelta(minutes=1))


def overlap(a: Span[T], b: Span[T]) -> timedelta:
    """How long both last together; if negative, the time between them."""
    return min(a.end, b.end) - max(a.start, b.start)
