"""CloudWatch's statistics by name, over one period of one metric."""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.errors import AwsError
from sandbox.telemetry.statistics import Datapoint

_PERCENTILE = re.compile(r"^p(\d{1,2}(?:\.\d{1,10})?|100)$")
_PLAIN: dict[str, Callable[[Datapoint], float]] = {
    "SampleCount": lambda point: float(point.count),
    "Sum": lambda point: point.sum,
    "Average": lambda point: point.average,
    "Minimum": lambda point: point.min,
    "Maximum": lambda point: point.max,
}
PLAIN = tuple(_PLAIN)


def statistic(point: Datapoint, name: str) -> float:
    """One of the five plain ones or a percentile (``p50``, ``p99.9``); ValidationError for any other name."""
    plain = _PLAIN.get(name)
    if plain is not None:
        return float(plain(point))
    return point.percentile(percent_of(name))


def percent_of(name: str) -> float:
    match = _PERCENTILE.match(name)
    if match is None:
        raise AwsError("ValidationError", f"The value {name} for parameter Stat is not supported.")
    return float(match[1])
