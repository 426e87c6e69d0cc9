"""Which of many spans of time meet. Half-open: what ends when another begins does not meet it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 10  # others that one is told of; a room with more in it at once has other troubles


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    start: datetime
    end: datetime
    of: T


def meetings(spans: Iterable[Span[T]]) -> Iterator[tuple[Span[T], Span[T]]]:
    """Each pair that meets, the earlier first; at most `MOST` pairs for each that comes later.

    One pass in order of time, with a heap of what is not over yet: n log n, and the pairs found.
    """
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    there: list[tuple[datetime, int]] = []
    for number, span in enumerate(ordered):
        while there and there[0][0] <= span.start:
            heappop(there)
        for earlier in sorted(number for _, number in there[:MOST]):
            yield ordered[earlier], span
        heappush(there, (span.end, number))


class Timeline(Generic[T]):
    """Spans that may overlap, made ready to be asked which of them meet a time."""

    def __init__(self, spans: Iterable[Span[T]]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        self._latest = list(accumulate((span.end for span in self._spans), max))

    def during(self, start: datetime, end: datetime) -> Sequence[Span[T]]:
        """The latest `MOST` of those that meet it, in order of time."""
        found: list[Span[T]] = []
        number = bisect_left(self._starts, end) - 1
        while number >= 0 and self._latest[number] > start and len(found) < MOST:
            if self._spans[number].end > start:
                found.append(self._spans[number])
            number -= 1
        return found[::-1]


def minutes(length: timedelta) -> int:
    """Whole minutes, and one for what is left over."""
    return -(-length // timedelta(minutes=1))


def shared(a: Span[T], b: Span[T]) -> timedelta:
    """How long both last; negative: how long there is between them."""
    return min(a.end, b.end) - max(a.start, b.start)
