"""What a stack says in numbers: embedded metrics of its log lines, and what CloudWatch holds of a namespace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from autograder.evidence import LogLine, Window
from sandbox.telemetry.emf import EmbeddedMetrics


@dataclass(frozen=True, slots=True)
class Metric:
    """One value, with its dimensions in order."""

    name: str
    value: float
    dimensions: tuple[tuple[str, str], ...]


def embedded_metrics(lines: Iterable[LogLine], namespace: str) -> list[Metric]:
    """What these lines put into ``namespace``; lines that do not fulfil the specification put nothing."""
    sink = _Sink(namespace)
    reader = EmbeddedMetrics(sink)
    for line in lines:
        reader.records("", "", "", "", [(int(line.at * 1000), line.text)])
    return sink.found


def metric_sums(clients: Any, namespace: str, window: Window | None) -> dict[str, list[float]]:
    """Per metric of the namespace the sum of each of its series in the window, as CloudWatch holds them, whatever sent them."""
    cloudwatch, found = clients("cloudwatch"), dict[str, list[float]]()
    if window is None:
        return found
    rows = cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace).search("Metrics")
    for row in rows:
        points = cloudwatch.get_metric_statistics(
            Namespace=namespace,
            MetricName=row["MetricName"],
            Dimensions=row["Dimensions"],
            StartTime=datetime.fromtimestamp(window.start // 60 * 60, UTC),
            EndTime=datetime.fromtimestamp(window.end + 60, UTC),
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        found.setdefault(row["MetricName"], []).append(sum(point["Sum"] for point in points))
    return found


class _Sink:
    """Implements ``MetricSink`` for one namespace."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self.found: list[Metric] = []

    def put(
        self,
        _account_id: str,
        _region: str,
        namespace: str,
        metric: str,
        dimensions: Mapping[str, str],
        value: float,
        _unit: str,
        _at: float,
    ) -> None:
        if namespace == self._namespace:
            self.found.append(Metric(metric, value, tuple(sorted(dimensions.items()))))
