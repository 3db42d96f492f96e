"""Values in a mapping template: how they are shown, reached into, called and combined (Java's, as far as templates show them)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

_ITEMS_MAX = 10_000


class TemplateError(ValueError):
    """The template is wrong; API Gateway answers with an internal error."""


def shown(value: Any) -> str:
    """As Java's ``toString``: maps and lists print ``{a=1}`` and ``[1, 2]``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}={shown(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(shown(inner) for inner in value) + "]"
    return json.dumps(value) if isinstance(value, int | float) else str(value)


def member(value: Any, name: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(name))
    if isinstance(value, list | str) and isinstance(name, int):
        return value[name] if -len(value) <= name < len(value) else None
    own = getattr(value, "members", None)
    return own.get(str(name)) if isinstance(own, Mapping) else None


def called(value: Any, name: str, arguments: list[Any]) -> Any:
    """A method of a value, among those templates use; or of an object that lists its ``methods``."""
    methods = getattr(value, "methods", None)
    if isinstance(methods, Mapping) and name in methods:
        return methods[name](*arguments)
    first = arguments[0] if arguments else None
    if name in ("get", "getAt") and arguments:
        return member(value, first)
    if name in ("size", "length"):
        return len(value) if isinstance(value, Mapping | list | str) else None
    if name == "isEmpty":
        return not value
    if isinstance(value, Mapping):
        return _of_map(value, name, arguments)
    if isinstance(value, list):
        return _of_list(value, name, first)
    return _of_text(value, name, arguments) if isinstance(value, str) else None


def _of_map(value: Mapping[str, Any], name: str, arguments: list[Any]) -> Any:
    if name == "keySet":
        return list(value)
    if name == "values":
        return list(value.values())
    if name == "entrySet":
        return [{"key": key, "value": inner} for key, inner in value.items()]
    if name == "containsKey":
        return str(arguments[0]) in value
    if name == "put" and isinstance(value, dict):
        value[str(arguments[0])] = arguments[1]
        return ""
    return None


def _of_list(value: list[Any], name: str, first: Any) -> Any:
    if name == "add":
        if len(value) >= _ITEMS_MAX:
            raise TemplateError("a list grows too long")
        value.append(first)
        return ""
    return first in value if name == "contains" else None


def _of_text(value: str, name: str, arguments: list[Any]) -> Any:
    texts = [shown(argument) for argument in arguments]
    simple: dict[str, Callable[[], Any]] = {
        "toLowerCase": value.lower,
        "toUpperCase": value.upper,
        "trim": value.strip,
        "toString": lambda: value,
        "equals": lambda: value == texts[0],
        "equalsIgnoreCase": lambda: value.lower() == texts[0].lower(),
        "contains": lambda: texts[0] in value,
        "startsWith": lambda: value.startswith(texts[0]),
        "endsWith": lambda: value.endswith(texts[0]),
        "indexOf": lambda: value.find(texts[0]),
        "replace": lambda: value.replace(texts[0], texts[1]),
        "replaceAll": lambda: value.replace(texts[0], texts[1]),
        "split": lambda: value.split(texts[0]),
        "concat": lambda: value + texts[0],
        "substring": lambda: value[int(texts[0]) : int(texts[1]) if len(texts) > 1 else None],
    }
    method = simple.get(name)
    try:
        return method() if method else None
    except (IndexError, ValueError) as error:
        raise TemplateError(f"{name} cannot be called with {texts}") from error


def items(value: Any) -> list[Any]:
    found = list(value.values()) if isinstance(value, Mapping) else list(value) if isinstance(value, list) else []
    return found[:_ITEMS_MAX]


def combined(operator: str, left: Any, right: Any) -> Any:
    if operator == "||":
        return bool(left) or bool(right)
    if operator == "&&":
        return bool(left) and bool(right)
    if operator in ("==", "!="):
        same = left == right or (left is not None and right is not None and shown(left) == shown(right))
        return same if operator == "==" else not same
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        return shown(left) + shown(right)
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return False if operator in ("<", ">", "<=", ">=") else None
    return _calculated(operator, left, right)


def _calculated(operator: str, left: float, right: float) -> Any:
    if operator in ("<", ">", "<=", ">="):
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        return None
    if operator == "%":
        return left % right
    whole = isinstance(left, int) and isinstance(right, int)
    return int(left / right) if whole else left / right
