"""From the datapoints of an alarm's evaluation range to its state, as CloudWatch decides when some of them are missing.

CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data": its two tables are a test. The guide names no
formula for how far the range reaches beyond the evaluation periods; two more is what its examples show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.telemetry.alarm import State

RANGE_EXTRA = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its start, its value (None: missing) and whether that breaches. ``count`` is the number of samples."""

    at: int
    value: float | None
    breaching: bool = False
    count: int = 0
    edges: tuple[float, float] | None = None  # of an anomaly band, upper and lower


@dataclass(frozen=True, slots=True)
class Verdict:
    """``state`` None keeps the current one. ``points`` are the real ones it rests on, newest first; ``filled`` those made up."""

    state: State | None
    points: tuple[Point, ...] = ()
    filled: int = 0


def decide(newest_first: Sequence[Point], periods: int, needed: int, missing: str) -> Verdict:
    """``periods`` is N and ``needed`` M of "M out of N"; ``missing`` is ``TreatMissingData``."""
    real = tuple(point for point in newest_first if point.value is not None)[:periods]
    filled = periods - len(real)
    breaching = sum(point.breaching for point in real)
    if not filled:
        return Verdict("ALARM" if breaching >= needed else "OK", real)
    if missing == "breaching":
        return Verdict("ALARM" if breaching + filled >= needed else "OK", real, filled)
    if missing == "notBreaching":
        return Verdict("ALARM" if breaching >= needed else "OK", real, filled)
    if not real:
        return Verdict(None if missing == "ignore" else "INSUFFICIENT_DATA", real, filled)
    if breaching >= needed:
        return Verdict("ALARM", real)
    if breaching == len(real):
        if missing == "ignore":
            return Verdict(None, real)
        if _is_old_enough(newest_first, needed):
            return Verdict("ALARM", real)
    return Verdict("OK", real)


def _is_old_enough(newest_first: Sequence[Point], needed: int) -> bool:
    """The guide's "premature transitions": the oldest breaching point is at least as old as the datapoints to alarm."""
    oldest = max(index for index, point in enumerate(newest_first) if point.value is not None)
    return oldest + 1 >= needed
