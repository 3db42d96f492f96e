"""Metric filters: log events that match a pattern become samples of a metric (CloudWatch Logs user guide, "Creating metrics from
log events using filters")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from sandbox.telemetry.filter_pattern import FilterPattern, compiled
from sandbox.telemetry.metrics import MetricSink

PER_GROUP_MAX = 100  # CloudWatch Logs quotas, metric filters
Fields = Callable[[str], Any]  # a field of a message by its selector (``$.latency``, ``$status``); None when it has none
Place = tuple[str, str, str]  # account, region, log group


@dataclass(slots=True)
class MetricFilter:
    name: str
    pattern_text: str
    transformations: list[dict[str, Any]]
    created_ms: int
    pattern: FilterPattern = field(init=False)
    quiet_minute: int = -1  # the last minute that got its default value or a match

    @property
    def is_structured(self) -> bool:
        """Whether fields of a message can be the metric's value and dimensions."""
        return self.pattern_text.strip()[:1] in ("{", "[")

    def fields(self, message: str) -> Fields | None:
        """None when the message does not match."""
        if not self.pattern.matches(message):
            return None
        if self.pattern_text.strip().startswith("["):
            columns = self.pattern.fields(message)
            return lambda selector: columns.get(selector.lstrip("$"))
        return lambda selector: self.pattern.value(message, selector)

    def __post_init__(self) -> None:
        self.pattern = compiled(self.pattern_text)


class MetricFilters:
    def __init__(self, sink: MetricSink) -> None:
        self._sink = sink
        self._filters: dict[Place, dict[str, MetricFilter]] = {}

    def put(self, place: Place, made: MetricFilter) -> None:
        self._filters.setdefault(place, {})[made.name] = made

    def of(self, place: Place) -> dict[str, MetricFilter]:
        return self._filters.get(place, {})

    def delete(self, place: Place, name: str) -> bool:
        return self._filters.get(place, {}).pop(name, None) is not None

    def forget(self, place: Place) -> None:
        self._filters.pop(place, None)

    def groups(self, account_id: str, region: str) -> list[str]:
        return sorted(place[2] for place in self._filters if place[:2] == (account_id, region))

    def clear(self) -> None:
        self._filters.clear()

    def records(self, account_id: str, region: str, group: str, _stream: str, records: list[tuple[int, str]]) -> None:
        filters = self._filters.get((account_id, region, group))
        if not filters:
            return
        for made in filters.values():
            for at_ms, message in records:
                self._one(account_id, region, made, at_ms, message)

    def _one(self, account_id: str, region: str, made: MetricFilter, at_ms: int, message: str) -> None:
        at = at_ms / 1000
        minute = int(at // 60)
        fields = made.fields(message)
        for transformation in made.transformations:
            where = (account_id, region, transformation["metricNamespace"], transformation["metricName"])
            unit = transformation.get("unit", "None")
            if fields is None:
                default = transformation.get("defaultValue")
                if default is not None and minute != made.quiet_minute:
                    self._sink.put(*where, {}, float(default), unit, at)
                continue
            value = _value(transformation["metricValue"], fields)
            dimensions = _dimensions(transformation.get("dimensions", {}), fields)
            if value is not None and dimensions is not None:
                self._sink.put(*where, dimensions, value, unit, at)
        made.quiet_minute = minute


def _value(text: str, fields: Fields) -> float | None:
    """A number, or the field of that name; what is no number is not counted."""
    return numeric(fields(text)) if text.startswith("$") else numeric(text)


def _dimensions(wanted: dict[str, str], fields: Fields) -> dict[str, str] | None:
    """None when a dimension's field is missing: the event then makes no sample."""
    found = {name: fields(selector) for name, selector in wanted.items()}
    if any(value is None or isinstance(value, dict | list) for value in found.values()):
        return None
    return {name: value if isinstance(value, str) else str(value) for name, value in found.items()}


def numeric(value: Any) -> float | None:
    """A number, or a text that is one; never a truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None
