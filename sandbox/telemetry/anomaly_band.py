"""The band of ANOMALY_DETECTION_BAND by a simple model: mean and standard deviation of what was before.

CloudWatch trains a model with hourly, daily and weekly seasons on two weeks of data. Here the band is the mean of up to a day of
history plus and minus ``width`` standard deviations, and there is none before ``VALUES_MIN`` values. Alarms behave alike in kind,
not in number.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

WIDTH_DEFAULT = 2.0
VALUES_MIN = 5
HISTORY_S = 86_400
_SPREAD_MIN = 0.05  # of the mean: a metric that never moved would otherwise alarm at the first sample


def edges(values: Sequence[float], width: float) -> tuple[float, float] | None:
    """Upper and lower edge, or None while there is too little history."""
    if len(values) < VALUES_MIN:
        return None
    mean = sum(values) / len(values)
    spread = max(sqrt(sum((value - mean) ** 2 for value in values) / len(values)), abs(mean) * _SPREAD_MIN)
    return mean + width * spread, mean - width * spread
