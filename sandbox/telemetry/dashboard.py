"""What a dashboard shows: its widgets with their series, read from the body that PutDashboard stored.

CloudWatch API reference, "Dashboard body structure and syntax". Metric, alarm and text widgets are worked out; the others keep
their place and say what they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import AwsError, LearnerError
from sandbox.telemetry.metric_math import Series, evaluate_all
from sandbox.telemetry.metric_statistic import statistic
from sandbox.telemetry.metrics import Metrics

WIDGETS_MAX = 500
LINES_MAX = 20  # of one widget
SPAN_S_DEFAULT = 3 * 3_600
_SPAN = re.compile(r"^-P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?)?$")

StateOf = Callable[[str], str]  # an alarm's ARN to its state, empty for none


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Widget:
    """``x``, ``y``, ``width`` and ``height`` in CloudWatch's grid of 24 columns. ``kind`` is chart, number or text."""

    x: int
    y: int
    width: int
    height: int
    title: str
    kind: str
    lines: tuple[Line, ...] = ()
    texts: tuple[str, ...] = ()
    levels: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    name: str
    start: float
    end: float
    widgets: tuple[Widget, ...] = field(default=())


def read(name: str, body: str, metrics: Metrics, account_id: str, region: str, now: float, state_of: StateOf) -> Drawing:
    """Raises LearnerError when the body cannot be drawn at all."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise LearnerError(f"the body of dashboard {name!r} is not JSON: {error}") from error
    rows = document.get("widgets") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise LearnerError(f"the body of dashboard {name!r} has no list of widgets")
    start = now - _span(document.get("start"))
    reader = _Reader(metrics, account_id, region, start, now, state_of)
    found = [reader.widget(row, number) for number, row in enumerate(rows[:WIDGETS_MAX]) if isinstance(row, dict)]
    return Drawing(name, start, now, tuple(found))


class _Reader:
    def __init__(self, metrics: Metrics, account_id: str, region: str, start: float, end: float, state_of: StateOf) -> None:
        self._metrics = metrics
        self._account_id = account_id
        self._region = region
        self._start = start
        self._end = end
        self._state_of = state_of

    def widget(self, row: dict[str, Any], number: int) -> Widget:
        properties = row.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        kind = str(row.get("type", ""))
        place = (
            _whole(row.get("x"), 0, 23),
            _whole(row.get("y"), number * 6, 1_000),
            max(1, _whole(row.get("width"), 6, 24)),
            max(1, _whole(row.get("height"), 6, 100)),
        )
        title = str(properties.get("title") or "")
        if kind == "metric":
            return self._metric(place, title, properties)
        if kind == "alarm":
            arns = [str(arn) for arn in _list(properties, "alarms")]
            texts = tuple(f"{arn.rsplit(':alarm:', 1)[-1]}: {self._state_of(arn) or 'no such alarm'}" for arn in arns)
            return Widget(*place, title or "Alarms", "text", texts=texts)
        if kind == "text":
            return Widget(*place, "", "text", texts=tuple(str(properties.get("markdown", "")).splitlines()))
        return Widget(*place, title or kind, "text", texts=(f"A widget of type {kind} is not drawn here.",))

    def _metric(self, place: tuple[int, int, int, int], title: str, properties: dict[str, Any]) -> Widget:
        try:
            lines = tuple(self._lines(properties))
        except AwsError as error:
            return Widget(*place, title, "text", texts=(error.message or error.code,))
        levels = tuple(
            (str(level.get("label", "")), float(level["value"]))
            for level in _list(properties.get("annotations"), "horizontal")
            if isinstance(level, dict) and isinstance(level.get("value"), int | float) and abs(level["value"]) < 2**360
        )
        kind = "number" if properties.get("view") == "singleValue" else "chart"
        return Widget(*place, title or ", ".join(line.label for line in lines[:3]), kind, lines=lines, levels=levels)

    def _lines(self, properties: dict[str, Any]) -> list[Line]:
        series: dict[str, Series] = {}
        expressions: dict[str, str] = {}
        shown: list[tuple[str, str]] = []
        for number, (row, options) in enumerate(_expanded(properties.get("metrics", ()))):
            key = str(options.get("id") or f"line{number}")
            if "expression" in options:
                expressions[key] = str(options["expression"])
                label = str(options.get("label") or key)
            elif len(row) >= 2:
                series[key] = self._series(row, options, properties)
                label = str(options.get("label") or row[1])
            else:
                continue
            if options.get("visible", True):
                shown.append((key, label))
        lines = []
        for key, label in shown[:LINES_MAX]:
            several = [series[key]] if key in series else evaluate_all(key, expressions, series)
            lines += [Line(label, tuple(sorted(found.items()))) for found in several]
        return lines

    def _series(self, row: Sequence[str], options: dict[str, Any], properties: dict[str, Any]) -> Series:
        period = _whole(options.get("period") or properties.get("period"), 300, 86_400)
        stat = str(options.get("stat") or properties.get("stat") or "Average")
        region = str(options.get("region") or properties.get("region") or self._region)
        dimensions = tuple(zip(row[2::2], row[3::2], strict=False))
        points = self._metrics.datapoints(
            self._account_id, region, row[0], row[1], dimensions, self._start, self._end, max(60, period)
        )
        return {point.at: statistic(point, stat) for point in points}


def _expanded(rows: Any) -> list[tuple[list[str], dict[str, Any]]]:
    """``.`` stands for what is above it, ``...`` for all of the row above up to there."""
    found: list[tuple[list[str], dict[str, Any]]] = []
    above: list[str] = []
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, list):
            continue
        options = row[-1] if row and isinstance(row[-1], dict) else {}
        words = [str(word) for word in row if not isinstance(word, dict)]
        if words and words[0] == "...":
            words = above[: len(above) - len(words) + 1] + words[1:]
        words = [above[index] if word == "." and index < len(above) else word for index, word in enumerate(words)]
        above = words or above
        found.append((words, options))
    return found


def _list(document: Any, member: str) -> list[Any]:
    found = document.get(member) if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


def _span(start: Any) -> float:
    match = _SPAN.match(start) if isinstance(start, str) else None
    if match is None:
        return SPAN_S_DEFAULT
    seconds = int(match["d"] or 0) * 86_400 + int(match["h"] or 0) * 3_600 + int(match["m"] or 0) * 60
    return float(seconds or SPAN_S_DEFAULT)


def _whole(value: Any, default: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # not a number
        return default
    return int(min(most, max(0, value)))
