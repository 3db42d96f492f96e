"""What a function's own log lines say in numbers: embedded metrics as CloudWatch reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.evidence import LogLine
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
