"""Embedded metric format: metrics a function prints as JSON into its log (CloudWatch user guide, "Specification: Embedded metric
format"). What does not fulfil the specification stays a log line, as on AWS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.telemetry.metrics import MetricSink

METRICS_MAX = 100
VALUES_MAX = 100
DIMENSIONS_MAX = 30
_NEAR_MS = 14 * 86_400_000  # PutMetricData takes two weeks back
_NUMBER_MAX = 2**360  # CloudWatch's largest value
_MARK = '"CloudWatchMetrics"'


class EmbeddedMetrics:
    """``lines`` counts log lines that became metrics, ``refused`` those that meant to."""

    def __init__(self, sink: MetricSink) -> None:
        self._sink = sink
        self.lines = 0
        self.refused = 0

    def records(self, account_id: str, region: str, _group: str, _stream: str, records: list[tuple[int, str]]) -> None:
        for at_ms, message in records:
            if _MARK in message:
                self._line(account_id, region, at_ms, message)

    def _line(self, account_id: str, region: str, at_ms: int, message: str) -> None:
        document = _document(message)
        head = document.get("_aws") if document is not None else None
        directives = head.get("CloudWatchMetrics") if isinstance(head, dict) else None
        if document is None or not isinstance(head, dict) or not isinstance(directives, list):
            self.refused += 1
            return
        at = head.get("Timestamp")
        moment = at_ms / 1000
        if at is not None and _is_number(at) and abs(at - at_ms) <= _NEAR_MS:  # too old or too far ahead counts as now
            moment = at / 1000
        done = [self._directive(account_id, region, moment, row, document) for row in directives if isinstance(row, dict)]
        if any(done):
            self.lines += 1
        else:
            self.refused += 1

    def _directive(
        self, account_id: str, region: str, at: float, directive: Mapping[str, Any], document: Mapping[str, Any]
    ) -> bool:
        namespace, metrics = directive.get("Namespace"), directive.get("Metrics")
        sets = directive.get("Dimensions") or [[]]
        if not isinstance(namespace, str) or not namespace or not isinstance(metrics, list) or not isinstance(sets, list):
            return False
        wanted = [chosen for names in sets if (chosen := _dimensions(names, document)) is not None]
        put = False
        for metric in metrics[:METRICS_MAX]:
            name = metric.get("Name") if isinstance(metric, dict) else None
            if not isinstance(name, str):
                continue
            for value in _values(document.get(name)):
                for dimensions in wanted:
                    put = True
                    unit = str(metric.get("Unit", "None"))
                    self._sink.put(account_id, region, namespace, name, dimensions, value, unit, at)
        return put


def _dimensions(names: Any, document: Mapping[str, Any]) -> dict[str, str] | None:
    """None when the set names a member that is not there."""
    if not isinstance(names, list) or len(names) > DIMENSIONS_MAX:
        return None
    if not all(isinstance(name, str) and isinstance(document.get(name), str | int | float) for name in names):
        return None
    return {name: str(document[name]) for name in names}


def _values(value: Any) -> list[float]:
    values = value if isinstance(value, list) else [value]
    numbers = [float(one) for one in values[:VALUES_MAX] if _is_number(one)]
    return numbers if len(numbers) == len(values[:VALUES_MAX]) else []


def _is_number(value: Any) -> bool:
    """JSON readers let infinity and numbers beyond a float through."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _NUMBER_MAX


def _document(message: str) -> dict[str, Any] | None:
    start = message.find("{")
    if start < 0:
        return None
    try:
        found = json.loads(message[start:])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
