"""CloudWatch metric math, the part of it that courses use: arithmetic and comparisons over series, FILL, IF, SUM, AVG, MIN, MAX,
RATE, DIFF, ABS, METRICS, ANOMALY_DETECTION_BAND. An expression is parsed with ``ast`` and walked; nothing of it is executed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sandbox.errors import AwsError
from sandbox.telemetry import anomaly_band

Series = dict[int, float]
History = Callable[[str], list[float]]  # what a metric's values were before the moments in question
_Value = Series | float | list[Series]

_CHARS_MAX = 2_048  # GetMetricData API reference, MetricDataQuery "Expression"
_DEPTH_MAX = 32
_BINARY: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: lambda left, right: float(left > right),
    ast.GtE: lambda left, right: float(left >= right),
    ast.Lt: lambda left, right: float(left < right),
    ast.LtE: lambda left, right: float(left <= right),
    ast.Eq: lambda left, right: float(left == right),
    ast.NotEq: lambda left, right: float(left != right),
}
_COMBINE: dict[str, Callable[[list[float]], float]] = {
    "SUM": lambda values: float(sum(values)),
    "AVG": lambda values: sum(values) / len(values),
    "MIN": lambda values: float(min(values)),
    "MAX": lambda values: float(max(values)),
}


def evaluate(query_id: str, expressions: Mapping[str, str], metrics: Mapping[str, Series]) -> Series:
    """The series of one expression; ids may name metrics or other expressions. Mistakes are ValidationError, as AWS says them."""
    found = evaluate_all(query_id, expressions, metrics)
    if len(found) != 1:
        raise _invalid(query_id, "it yields several series")
    return found[0]


def evaluate_all(
    query_id: str,
    expressions: Mapping[str, str],
    metrics: Mapping[str, Series],
    moments: Sequence[int] = (),
    history: History | None = None,
) -> list[Series]:
    """As ``evaluate``, several series allowed (a band is its upper and its lower edge). ``moments`` are the periods in question,
    for what has a value where no metric has one; without them, those of the metrics.
    """
    known = sorted(moments) if moments else sorted({at for series in metrics.values() for at in series})
    value = _Evaluation(expressions, metrics, known, history).of(query_id, ())
    if isinstance(value, list):
        return value
    return [value if isinstance(value, dict) else dict.fromkeys(known, value)]


class _Evaluation:
    def __init__(
        self, expressions: Mapping[str, str], metrics: Mapping[str, Series], moments: Sequence[int], history: History | None
    ) -> None:
        self._expressions = expressions
        self._metrics = metrics
        self._moments = moments
        self._history = history

    def of(self, query_id: str, path: tuple[str, ...]) -> _Value:
        if query_id in self._metrics:
            return self._metrics[query_id]
        text = self._expressions.get(query_id)
        if text is None:
            raise _invalid(path[-1] if path else query_id, f"{query_id} is not defined")
        if query_id in path or len(path) > _DEPTH_MAX or len(text) > _CHARS_MAX:
            raise _invalid(query_id, "it refers to itself or is too long")
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise _invalid(query_id, "it cannot be parsed") from error
        return self._node(tree.body, (*path, query_id), 0)

    def _node(self, node: ast.AST, path: tuple[str, ...], depth: int) -> _Value:
        if depth > _DEPTH_MAX:
            raise _invalid(path[-1], "it is nested too deeply")
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self.of(node.id, path)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return _pairwise(operator.sub, 0.0, self._single(node.operand, path, depth))
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return self._binary(_BINARY[type(node.op)], node.left, node.right, path, depth)
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _BINARY:
            return self._binary(_BINARY[type(node.ops[0])], node.left, node.comparators[0], path, depth)
        if isinstance(node, ast.List):
            return [_series(self._single(item, path, depth)) for item in node.elts]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._call(node.func.id.upper(), node.args, path, depth)
        raise _invalid(path[-1], "it uses something this account does not support")

    def _single(self, node: ast.AST, path: tuple[str, ...], depth: int) -> Series | float:
        value = self._node(node, path, depth + 1)
        if isinstance(value, list):
            raise _invalid(path[-1], "a list of series stands where one is needed")
        return value

    def _binary(
        self, apply: Callable[[float, float], float], left: ast.AST, right: ast.AST, path: tuple[str, ...], depth: int
    ) -> Series | float:
        return _pairwise(apply, self._single(left, path, depth), self._single(right, path, depth))

    def _call(self, name: str, args: list[ast.expr], path: tuple[str, ...], depth: int) -> _Value:
        if name == "METRICS" and not args:
            return list(self._metrics.values())
        if name == "FILL" and len(args) == 2:
            return self._fill(_series(self._single(args[0], path, depth)), args[1], path, depth)
        if name == "IF" and len(args) in (2, 3):
            return self._if([self._single(arg, path, depth) for arg in args])
        if name in ("SUM", "AVG", "MIN", "MAX") and len(args) == 1:
            return _aggregate(name, self._node(args[0], path, depth + 1))
        if name in ("RATE", "DIFF") and len(args) == 1:
            return _change(_series(self._single(args[0], path, depth)), per_second=name == "RATE")
        if name == "ABS" and len(args) == 1:
            return _pairwise(lambda value, _: abs(value), self._single(args[0], path, depth), 0.0)
        if name == "ANOMALY_DETECTION_BAND" and len(args) in (1, 2) and isinstance(args[0], ast.Name):
            return self._band(args[0].id, args[1:], path, depth)
        raise _invalid(path[-1], f"the function {name} with {len(args)} arguments is not supported by this account")

    def _fill(self, series: Series, filler: ast.expr, path: tuple[str, ...], depth: int) -> Series:
        """Gaps are the timestamps where another metric of the request has a value and this one has none."""
        everywhere = sorted({*self._moments, *series})
        repeat = isinstance(filler, ast.Name) and filler.id.upper() == "REPEAT"
        value = 0.0 if repeat else self._single(filler, path, depth)
        filled: Series = {}
        last: float | None = None
        for at in everywhere:
            last = series.get(at, last)
            if at in series:
                filled[at] = series[at]
            elif repeat and last is not None:
                filled[at] = last
            elif not repeat:
                filled[at] = value.get(at, 0.0) if isinstance(value, dict) else value
        return filled

    def _band(self, metric: str, width: list[ast.expr], path: tuple[str, ...], depth: int) -> list[Series]:
        """Upper and lower edge; nothing while there is too little history."""
        if metric not in self._metrics:
            raise _invalid(path[-1], "ANOMALY_DETECTION_BAND takes a metric of the request")
        number = self._single(width[0], path, depth) if width else anomaly_band.WIDTH_DEFAULT
        if isinstance(number, dict):
            raise _invalid(path[-1], "the width of a band is a number")
        values = self._history(metric) if self._history is not None else list(self._metrics[metric].values())
        edges = anomaly_band.edges(values, number)
        if edges is None:
            return [{}, {}]
        return [dict.fromkeys(self._moments, edge) for edge in edges]

    def _if(self, args: list[Series | float]) -> Series | float:
        condition, then = args[0], args[1]
        otherwise = args[2] if len(args) == 3 else None
        if not isinstance(condition, dict):
            return then if condition else (otherwise if otherwise is not None else {})
        chosen: Series = {}
        for at, holds in condition.items():
            source = then if holds else otherwise
            value = source.get(at) if isinstance(source, dict) else source
            if value is not None:
                chosen[at] = value
        return chosen


def _aggregate(name: str, value: _Value) -> Series | float:
    """Over several series: per timestamp. Over one: a number."""
    combine = _COMBINE[name]
    if isinstance(value, list):
        moments = {at for series in value for at in series}
        return {at: float(combine([series[at] for series in value if at in series])) for at in moments}
    if isinstance(value, dict):
        return float(combine(list(value.values()))) if value else {}
    return value


def _pairwise(apply: Callable[[float, float], float], left: Series | float, right: Series | float) -> Series | float:
    """Timestamps that both have; a division by zero gives no datapoint."""
    if not isinstance(left, dict) and not isinstance(right, dict):
        return _applied(apply, left, right) or 0.0
    moments: Any = left.keys() & right.keys() if isinstance(left, dict) and isinstance(right, dict) else None
    if moments is None:
        moments = left.keys() if isinstance(left, dict) else right.keys()  # type: ignore[union-attr]
    found = {}
    for at in moments:
        value = _applied(apply, left[at] if isinstance(left, dict) else left, right[at] if isinstance(right, dict) else right)
        if value is not None:
            found[at] = value
    return found


def _applied(apply: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        return apply(left, right)
    except (ZeroDivisionError, OverflowError):
        return None


def _change(series: Series, *, per_second: bool) -> Series:
    """From each value to the next; the first has none (metric math, "DIFF" and "RATE")."""
    moments = sorted(series)
    return {at: (series[at] - series[before]) / ((at - before) if per_second else 1) for before, at in pairwise(moments)}


def _series(value: Series | float) -> Series:
    return value if isinstance(value, dict) else {}


def _invalid(query_id: str, why: str) -> AwsError:
    return AwsError("ValidationError", f"Error in expression '{query_id}': {why}.")
