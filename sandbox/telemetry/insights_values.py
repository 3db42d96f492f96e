"""Working out expressions of a Logs Insights query, over one event and over a group of them.

A field that is missing makes comparisons false and arithmetic empty (None). Numbers in texts count as numbers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sandbox.errors import AwsError
from sandbox.telemetry.insights_fields import Moment
from sandbox.telemetry.insights_tree import Call, Constant, Field, Like, Node


class Row(Protocol):
    def get(self, name: str, /) -> Any: ...


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "^": operator.pow,
}
_OF_NUMBER: Mapping[str, Callable[[float], float]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "log": math.log,
    "sqrt": math.sqrt,
}
_OF_TEXT: Mapping[str, Callable[[str], Any]] = {
    "strlen": lambda text: float(len(text)),
    "toupper": str.upper,
    "tolower": str.lower,
    "trim": str.strip,
    "ltrim": str.lstrip,
    "rtrim": str.rstrip,
}
_LOGIC = ("and", "or", "not", "in")
_OTHER = (
    *("bin", "datefloor", "dateceil", "frommillis", "tomillis", "coalesce", "concat", "strcontains", "replace", "substr"),
    *("ispresent", "isempty", "isblank", "greatest", "least"),
)
AGGREGATES = (
    *("count", "count_distinct", "sum", "avg", "min", "max", "pct", "median", "stddev"),
    *("earliest", "latest", "sortsfirst", "sortslast"),
)
_ROOT_MAX = 400.0  # a power beyond that is no figure of a log


def check(node: Node, *, aggregates: bool) -> None:
    """MalformedQueryException for a function that is not there."""
    if isinstance(node, Like):
        check(node.subject, aggregates=aggregates)
    if not isinstance(node, Call):
        return
    known = (*_ORDER, *_ARITHMETIC, *_OF_NUMBER, *_OF_TEXT, *_LOGIC, *_OTHER)
    if node.name not in known and not (aggregates and node.name in AGGREGATES):
        raise AwsError("MalformedQueryException", f"Invalid function name: {node.name}", fields=_compile_error(node.name))
    for inner in node.arguments:
        check(inner, aggregates=aggregates)


def value_of(node: Node, row: Row) -> Any:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Field):
        return row.get(node.name)
    if isinstance(node, Like):
        subject = value_of(node.subject, row)
        if subject is None:
            return False
        return node.expression.search(shown(subject)) is not None if node.expression else node.text in shown(subject)
    return _call(node, row)


def _call(node: Call, row: Row) -> Any:
    name, arguments = node.name, node.arguments
    if name == "and":
        return truth(value_of(arguments[0], row)) and truth(value_of(arguments[1], row))
    if name == "or":
        return truth(value_of(arguments[0], row)) or truth(value_of(arguments[1], row))
    if name == "not":
        return not truth(value_of(arguments[0], row))
    values = [value_of(argument, row) for argument in arguments]
    if name in ("bin", "datefloor", "dateceil"):
        return _binned(name, values[0] if values else row.get("@timestamp"), node.milliseconds)
    return apply(name, values)


def apply(name: str, values: Sequence[Any]) -> Any:
    """An operator or a plain function over values."""
    if name in _ORDER:
        return _compared(name, values[0], values[1])
    if name == "in":
        return any(_compared("=", values[0], one) for one in values[1:])
    if name in _ARITHMETIC:
        return _calculated(name, values)
    first = values[0] if values else None
    if name in _OF_NUMBER:
        return _guarded(_OF_NUMBER[name], number(first))
    if name in _OF_TEXT:
        return None if first is None else _OF_TEXT[name](shown(first))
    return _other(name, values, first)


def _other(name: str, values: Sequence[Any], first: Any) -> Any:
    if name == "ispresent":
        return first is not None
    if name == "isempty":
        return first is None or shown(first) == ""
    if name == "isblank":
        return first is None or not shown(first).strip()
    if name == "coalesce":
        return next((value for value in values if value is not None), None)
    if name == "concat":
        return "".join(shown(value) for value in values if value is not None)
    if name in ("greatest", "least"):
        numbers = [one for value in values if (one := number(value)) is not None]
        return (max(numbers) if name == "greatest" else min(numbers)) if numbers else None
    if name == "frommillis":
        return None if (found := number(first)) is None else Moment(found)
    if name == "tomillis":
        return None if (found := number(first)) is None else float(found)
    return _of_texts(name, values, first)


def _of_texts(name: str, values: Sequence[Any], first: Any) -> Any:
    if first is None or any(value is None for value in values):
        return None
    if name == "strcontains":
        return 1.0 if shown(values[1]) in shown(first) else 0.0
    if name == "replace":
        return shown(first).replace(shown(values[1]), shown(values[2]))
    start = int(number(values[1]) or 0)  # substr
    length = int(number(values[2]) or 0) if len(values) > 2 else len(shown(first))
    return shown(first)[start : start + length]


def aggregate(node: Node, rows: Sequence[Row], columns: Mapping[str, Any]) -> Any:
    """Over a group. Outside an aggregate function, a name is an earlier column's, or a field of the group's first event."""
    if isinstance(node, Field) and node.name in columns:
        return columns[node.name]
    if not isinstance(node, Call) or node.name in ("bin", "datefloor", "dateceil"):
        return value_of(node, rows[0]) if rows else None
    if node.name not in AGGREGATES:
        return apply(node.name, [aggregate(argument, rows, columns) for argument in node.arguments])
    if node.name == "count" and not node.arguments:
        return float(len(rows))
    if not node.arguments:
        raise AwsError("MalformedQueryException", f"{node.name} needs a field", fields=_compile_error(node.name))
    values = [found for row in rows if (found := value_of(node.arguments[0], row)) is not None]
    return _aggregated(node, values, rows)


def _aggregated(node: Call, values: list[Any], rows: Sequence[Row]) -> Any:
    name = node.name
    if name == "count":
        return float(len(values))
    if name == "count_distinct":
        return float(len({shown(value) for value in values}))
    if name in ("earliest", "latest"):
        timed = [row for row in rows if value_of(node.arguments[0], row) is not None]
        pick = min if name == "earliest" else max
        return value_of(node.arguments[0], pick(timed, key=lambda row: row.get("@timestamp") or 0.0)) if timed else None
    if name in ("sortsfirst", "sortslast"):
        texts = sorted(shown(value) for value in values)
        return (texts[0] if name == "sortsfirst" else texts[-1]) if texts else None
    return _of_numbers(node, values)


def _of_numbers(node: Call, values: list[Any]) -> Any:
    numbers = sorted(found for value in values if (found := number(value)) is not None)
    if not numbers:
        return None
    if node.name in ("min", "max"):
        found = numbers[0] if node.name == "min" else numbers[-1]
        return Moment(found) if all(isinstance(value, Moment) for value in values) else found
    if node.name == "sum":
        return float(math.fsum(numbers))
    mean = math.fsum(numbers) / len(numbers)
    if node.name == "avg":
        return mean
    if node.name == "stddev":
        return math.sqrt(math.fsum((one - mean) ** 2 for one in numbers) / len(numbers))
    percent = 50.0
    if node.name == "pct":
        given = node.arguments[1] if len(node.arguments) > 1 else None
        if not isinstance(given, Constant) or not isinstance(given.value, float) or not 0 <= given.value <= 100:
            raise AwsError("MalformedQueryException", "pct needs a percent from 0 to 100", fields=_compile_error("pct"))
        percent = given.value
    return numbers[max(1, math.ceil(len(numbers) * percent / 100)) - 1]


def number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def shown(value: Any) -> str:
    """As results show it: whole numbers without a point."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def truth(value: Any) -> bool:
    return bool(value) if not isinstance(value, str) else value not in ("", "0", "false")


def _compared(name: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    a, b = number(left), number(right)
    if a is not None and b is not None:
        return _ORDER[name](a, b)
    return _ORDER[name](shown(left), shown(right))


def _calculated(name: str, values: Sequence[Any]) -> float | None:
    left, right = number(values[0]), number(values[1])
    if left is None or right is None or (name == "^" and abs(right) > _ROOT_MAX):
        return None
    try:
        found = _ARITHMETIC[name](left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return float(found) if isinstance(found, int | float) and math.isfinite(found) else None


def _guarded(function: Callable[[float], float], value: float | None) -> float | None:
    try:
        return None if value is None else float(function(value))
    except ValueError:
        return None


def _binned(name: str, at: Any, width: int) -> Moment | None:
    found = number(at)
    if found is None or not width:
        return None
    floor = found // width * width
    return Moment(floor + width if name == "dateceil" and found > floor else floor)


def _compile_error(message: str) -> dict[str, Any]:
    return {"queryCompileError": {"location": {"startCharOffset": 0, "endCharOffset": 0}, "message": message}}
