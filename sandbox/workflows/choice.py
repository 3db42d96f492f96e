"""Choice rules: which state comes next (guide, "amazon-states-language-choice-state")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sandbox.workflows.failure import RUNTIME, Failure
from sandbox.workflows.paths import PathMissing, select
from sandbox.workflows.scope import Scope


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda left, right: bool(left == right),
    "LessThan": lambda left, right: bool(left < right),
    "GreaterThan": lambda left, right: bool(left > right),
    "LessThanEquals": lambda left, right: bool(left <= right),
    "GreaterThanEquals": lambda left, right: bool(left >= right),
}
_KINDS = ("String", "Numeric", "Timestamp")
_TESTS: dict[str, Callable[[Any], bool]] = {
    "IsNumeric": _is_number,
    "IsNull": lambda value: value is None,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: _moment(value) is not None,
}
OPERATORS = frozenset(
    {f"{kind}{order}{path}" for kind in _KINDS for order in _ORDER for path in ("", "Path")}
    | {"BooleanEquals", "BooleanEqualsPath", "StringMatches", "IsPresent", *_TESTS}
)


def following(state: Mapping[str, Any], scope: Scope) -> str:
    """The next state's name; raises Failure(States.NoChoiceMatched)."""
    for rule in state["Choices"]:
        if holds(rule, scope):
            return str(rule["Next"])
    if "Default" in state:
        return str(state["Default"])
    raise Failure("States.NoChoiceMatched", "No choice rule matched, and there is no Default.")


def holds(rule: Mapping[str, Any], scope: Scope) -> bool:
    if "And" in rule:
        return all(holds(each, scope) for each in rule["And"])
    if "Or" in rule:
        return any(holds(each, scope) for each in rule["Or"])
    if "Not" in rule:
        return not holds(rule["Not"], scope)
    operator = next(name for name in rule if name in OPERATORS)
    path, wanted = str(rule["Variable"]), rule[operator]
    if operator == "IsPresent":
        return _is_present(path, scope) is wanted
    try:
        value = scope.at(path)
    except Failure:
        cause = f"Invalid path '{path}': The choice state's condition path references an invalid value."
        raise Failure(RUNTIME, cause) from None
    if operator in _TESTS:
        return _TESTS[operator](value) is wanted
    if operator.endswith("Path"):
        operator, wanted = operator.removesuffix("Path"), scope.at(str(wanted))
    return _compare(operator, value, wanted)


def _compare(operator: str, value: Any, wanted: Any) -> bool:
    if operator == "BooleanEquals":
        return isinstance(value, bool) and value is wanted
    if operator == "StringMatches":
        return isinstance(value, str) and _glob(str(wanted)).fullmatch(value) is not None
    kind = next(name for name in _KINDS if operator.startswith(name))
    order = _ORDER[operator.removeprefix(kind)]
    if kind == "String":
        return isinstance(value, str) and isinstance(wanted, str) and order(value, wanted)
    if kind == "Numeric":
        return _is_number(value) and _is_number(wanted) and order(value, wanted)
    left, right = _moment(value), _moment(wanted)
    return left is not None and right is not None and order(left, right)


def _is_present(path: str, scope: Scope) -> bool:
    try:
        select(dict(scope.context) if path.startswith("$$") else scope.data, path.removeprefix("$") if path[:2] == "$$" else path)
    except PathMissing:
        return False
    return True


def _moment(value: Any) -> datetime | None:
    """RFC 3339 with a capital T, and a capital Z or an offset."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


@lru_cache(maxsize=1_000)
def _glob(pattern: str) -> re.Pattern[str]:
    """``*`` stands for any characters, ``\\*`` for itself."""
    pieces = re.split(r"(\\.|\*)", pattern)
    parts = (".*" if piece == "*" else re.escape(piece[1:] if piece[:1] == "\\" else piece) for piece in pieces)
    return re.compile("".join(parts), re.DOTALL)
