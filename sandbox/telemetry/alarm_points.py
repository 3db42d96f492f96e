"""The datapoints an alarm looks at: its metric's or its expression's, over sliding periods that end at the last full minute."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.telemetry import anomaly_band
from sandbox.telemetry.alarm import Alarm, period_of
from sandbox.telemetry.alarm_verdict import RANGE_EXTRA, Point
from sandbox.telemetry.metric_math import Series, evaluate_all
from sandbox.telemetry.metric_statistic import percent_of, statistic
from sandbox.telemetry.metrics import MetricPlace, Metrics

SAMPLES_BEYOND = 10
_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def points_of(alarm: Alarm, metrics: Metrics, end: float) -> list[Point]:
    """Newest first: as many as the evaluation range has. AwsError when an expression cannot be evaluated."""
    count = int(alarm.params["EvaluationPeriods"]) + RANGE_EXTRA
    points = _simple(alarm, metrics, end, count) if "MetricName" in alarm.params else _computed(alarm, metrics, end, count)
    points.reverse()
    return points


def too_few_samples(alarm: Alarm, points: Sequence[Point]) -> bool:
    """Whether an alarm on a percentile is to keep its state (``EvaluateLowSampleCountPercentile: ignore``): the user guide,
    "Percentile-based CloudWatch alarms and low data samples", asks for ten samples beyond the percentile."""
    name = alarm.params.get("ExtendedStatistic")
    if not name or alarm.params.get("EvaluateLowSampleCountPercentile") != "ignore":
        return False
    share = percent_of(name) / 100
    outside = min(share, 1 - share) if share != 1 else 0.0
    return outside > 0 and any(point.count < round(SAMPLES_BEYOND / outside, 6) for point in points)


def _simple(alarm: Alarm, metrics: Metrics, end: float, count: int) -> list[Point]:
    params = alarm.params
    place = _place(alarm, params)
    breaches, threshold = _BREACHES[params["ComparisonOperator"]], float(params.get("Threshold", 0.0))
    stat = params.get("Statistic") or params["ExtendedStatistic"]
    period = alarm.period
    if not _unit_fits(params, metrics, place):
        return [Point(at, None) for at in _moments(end, period, count)]
    points = []
    for at, found in zip(_moments(end, period, count), metrics.windows(place, end, period, count), strict=True):
        if found is None:
            points.append(Point(at, None))
        else:
            value = statistic(found, stat)
            points.append(Point(at, value, breaches(value, threshold), found.count))
    return points


def _computed(alarm: Alarm, metrics: Metrics, end: float, count: int) -> list[Point]:
    params = alarm.params
    queries = params["Metrics"]
    moments = _moments(end, alarm.period, count)
    series = {query["Id"]: _series(alarm, query, metrics, end, count) for query in queries if "MetricStat" in query}
    expressions = {query["Id"]: query["Expression"] for query in queries if "Expression" in query}

    def history(query_id: str) -> list[float]:
        query = next(query for query in queries if query["Id"] == query_id)
        periods = max(1, anomaly_band.HISTORY_S // max(60, period_of(query)))
        return list(_series(alarm, query, metrics, moments[-1], periods).values())

    def of(query_id: str) -> list[Series]:
        return [series[query_id]] if query_id in series else evaluate_all(query_id, expressions, series, moments, history)

    band = params.get("ThresholdMetricId")
    watched = next(query["Id"] for query in queries if query.get("ReturnData", True) and query["Id"] != band)
    values = of(watched)[0]
    if band:
        upper, lower = of(band)
        return [_against_band(at, values.get(at), upper.get(at), lower.get(at), params["ComparisonOperator"]) for at in moments]
    breaches, threshold = _BREACHES[params["ComparisonOperator"]], float(params["Threshold"])
    return [_against(at, values.get(at), breaches, threshold) for at in moments]


def _series(alarm: Alarm, query: Mapping[str, Any], metrics: Metrics, end: float, count: int) -> Series:
    stat = query["MetricStat"]
    place = _place(alarm, stat["Metric"])
    period = alarm.period
    if not _unit_fits(stat, metrics, place):
        return {}
    found = zip(_moments(end, period, count), metrics.windows(place, end, period, count), strict=True)
    return {at: statistic(point, stat["Stat"]) for at, point in found if point is not None}


def _against(at: int, value: float | None, breaches: Callable[[float, float], bool], threshold: float) -> Point:
    return Point(at, value, value is not None and breaches(value, threshold))


def _against_band(at: int, value: float | None, upper: float | None, lower: float | None, comparison: str) -> Point:
    if value is None or upper is None or lower is None:
        return Point(at, None)
    above, below = value > upper, value < lower
    if comparison == "GreaterThanUpperThreshold":
        below = False
    elif comparison == "LessThanLowerThreshold":
        above = False
    return Point(at, value, above or below, edges=(upper, lower))


def _moments(end: float, period_s: int, count: int) -> list[int]:
    """Starts of the periods, oldest first; a period below a minute counts as one, since the store keeps minutes."""
    minutes = max(1, period_s // 60)
    last = int(end // 60)
    return [(last - minutes * (count - index)) * 60 for index in range(count)]


def _place(alarm: Alarm, metric: Mapping[str, Any]) -> MetricPlace:
    dimensions = tuple(sorted((row["Name"], row["Value"]) for row in metric.get("Dimensions", ())))
    return (alarm.account_id, alarm.region, metric["Namespace"], metric["MetricName"], dimensions)


def _unit_fits(params: Mapping[str, Any], metrics: Metrics, place: MetricPlace) -> bool:
    return not params.get("Unit") or params["Unit"] == (metrics.unit(*place) or params["Unit"])
