"""Statistic sets per minute: what CloudWatch keeps of a metric, with enough of the values for percentiles.

A minute keeps its distinct values exactly up to ``VALUES_EXACT_MAX``; beyond that they share bins one percent wide (a percentile
is then right to ± 0.5 %), and beyond ``BINS_MAX`` bins the lowest are merged, so that a minute never grows past 2 kB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log

VALUES_EXACT_MAX = 64
BINS_MAX = 128
MINUTES_MAX = 1_440  # minutes with data kept per series: one busy day

_LOG_WIDTH = log(1.01)


@dataclass(frozen=True, slots=True)
class Datapoint:
    """One period of one metric. ``at`` is its start in epoch seconds. Its values are gathered from ``minutes`` when a percentile
    is asked for, which alarms, looking every minute, seldom do: ask before the minutes get more samples.
    """

    at: int
    count: int
    sum: float
    min: float
    max: float
    minutes: tuple[Minute, ...]

    @property
    def average(self) -> float:
        return self.sum / self.count

    def values(self) -> list[tuple[float, int]]:
        """(value, how often), ascending."""
        found: dict[float, int] = {}
        for minute in self.minutes:
            for value, times in minute.pairs():
                found[value] = found.get(value, 0) + times
        return sorted(found.items())

    def percentile(self, percent: float) -> float:
        """Nearest rank: the smallest value that at least ``percent`` of the samples do not exceed."""
        rank = max(1, ceil(self.count * percent / 100.0))
        seen = 0
        for value, times in self.values():
            seen += times
            if seen >= rank:
                return min(max(value, self.min), self.max)
        return self.max


class Minute:
    """Samples of one minute."""

    __slots__ = ("binned", "count", "frozen", "max", "min", "minute", "sum", "values")

    def __init__(self, minute: int) -> None:
        self.minute = minute
        self.count = 0
        self.sum = 0.0
        self.min = float("inf")
        self.max = float("-inf")
        self.values: dict[float, int] = {}
        self.binned = False
        self.frozen: array[float] | None = None

    def add(self, value: float) -> None:
        self.count += 1
        self.sum += value
        if value < self.min:
            self.min = value
        if value > self.max:
            self.max = value
        if self.frozen is not None:
            self._thaw()
        if self.binned:
            value = bin_of(value)
        values = self.values
        if value in values:
            values[value] += 1
            return
        values[value] = 1
        if len(values) > (BINS_MAX if self.binned else VALUES_EXACT_MAX):
            self._coarsen()

    def freeze(self) -> None:
        """Keep the values in a flat array; a late sample thaws them again."""
        if self.frozen is None:
            self.frozen = array("d", (number for pair in self.values.items() for number in pair))
            self.values = {}

    def pairs(self) -> Iterable[tuple[float, int]]:
        if self.frozen is None:
            return self.values.items()
        return [(self.frozen[index], int(self.frozen[index + 1])) for index in range(0, len(self.frozen), 2)]

    def _thaw(self) -> None:
        self.values = dict(self.pairs())
        self.frozen = None

    def _coarsen(self) -> None:
        binned: dict[float, int] = {}
        for value, times in self.values.items():
            key = bin_of(value)
            binned[key] = binned.get(key, 0) + times
        self.binned = True
        excess = sorted(binned)[: max(0, len(binned) - BINS_MAX + 1)]
        if len(excess) > 1:
            merged = sum(binned.pop(key) for key in excess)
            binned[excess[-1]] = merged
        self.values = binned


class Track:
    """One metric of one dimension set, minute by minute. ``at`` of late samples may lie in an earlier minute."""

    __slots__ = ("_current", "dropped_minutes", "minutes", "unit")

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.minutes: dict[int, Minute] = {}
        self.dropped_minutes = 0
        self._current = Minute(-1)

    def add(self, minute: int, value: float) -> None:
        current = self._current
        if current.minute != minute:
            current = self._turn_to(minute)
        current.add(value)

    def _turn_to(self, minute: int) -> Minute:
        self._current.freeze()
        found = self.minutes.get(minute)
        if found is None:
            found = self.minutes[minute] = Minute(minute)
            if len(self.minutes) > MINUTES_MAX:
                del self.minutes[min(self.minutes)]
                self.dropped_minutes += 1
        self._current = found
        return found


def bin_of(value: float) -> float:
    """The middle of the one percent wide bin that ``value`` falls into; zero and negative values keep their own."""
    if value <= 0.0:
        return value
    return float(1.01 ** (floor(log(value) / _LOG_WIDTH) + 0.5))


def merge(at: int, minutes: Sequence[Minute]) -> Datapoint | None:
    """One datapoint out of several minutes (of several tracks); None when they hold no sample."""
    count, total, low, high = 0, 0.0, float("inf"), float("-inf")
    for minute in minutes:
        count += minute.count
        total += minute.sum
        low = min(low, minute.min)
        high = max(high, minute.max)
    if not count:
        return None
    return Datapoint(at, count, total, low, high, tuple(minutes))
