"""JSONPath as the States Language uses it: members, indexes, ``[*]``, slices, ``..`` and simple filters.

A path with a step that can match several values gives a list, any other gives the value (Step Functions guide, "amazon-states-
language-paths").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from typing import Any

_STEP = re.compile(
    r"""\.\.(?P<deep>\*|[^.\[\]()'",\s]+)
    | \.(?P<name>\*|[^.\[\]()'",\s]+)
    | \[(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]
    | \[(?P<index>-?\d+(?:\s*,\s*-?\d+)*)\]
    | \[(?P<slice>-?\d*:-?\d*(?::-?\d+)?)\]
    | \[(?P<all>\*)\]
    | \[\?\(\s*@(?P<inner>[^=<>!)\s]+)\s*
      (?:(?P<op>==|!=|<=|>=|<|>)\s*(?P<value>'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|true|false|null))?\s*\)\]
    """,
    re.VERBOSE,
)
_SEVERAL = frozenset({"deep", "slice", "all", "inner"})

Step = tuple[str, Any]


class PathMissing(LookupError):
    """The path leads to nothing in this document."""


class PathRefused(ValueError):
    """Not a path of the kinds that are understood."""


def select(document: Any, path: str) -> Any:
    """Raises PathMissing, or PathRefused for a path that is none. A leading ``$$`` is the caller's to resolve."""
    steps = parse(path)
    found = [document]
    several = False
    for kind, operand in steps:
        several = several or kind in _SEVERAL or (kind == "index" and len(operand) > 1) or operand == "*"
        found = [each for value in found for each in _follow(kind, operand, value)]
        if not found and not several:
            raise PathMissing(path)
    return found if several else found[0]


@lru_cache(maxsize=4_096)
def parse(path: str) -> tuple[Step, ...]:
    if not path.startswith("$"):
        raise PathRefused(f"{path!r} does not begin with $")
    steps, at = list[Step](), 1
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise PathRefused(f"{path!r} is not understood from {path[at:]!r} on")
        steps.append(_step(found))
        at = found.end()
    return tuple(steps)


def put(document: Any, path: str, value: Any) -> Any:
    """A copy of the document with ``value`` at a reference path; objects on the way are made. Raises PathMissing."""
    steps = parse(path)
    if not steps:
        return value
    made = deepcopy(document)
    if not isinstance(made, dict):
        raise PathMissing(path)
    here: Any = made
    for number, (kind, operand) in enumerate(steps):
        last = number == len(steps) - 1
        if kind == "name" and isinstance(here, dict):
            if last:
                here[operand] = value
            else:
                here = here.setdefault(operand, {})
        elif kind == "index" and isinstance(here, list) and len(operand) == 1 and 0 <= operand[0] < len(here):
            if last:
                here[operand[0]] = value
            else:
                here = here[operand[0]]
        else:
            raise PathMissing(path)
    return made


def is_reference(path: str) -> bool:
    """Whether a path can stand in ResultPath: it names one node."""
    try:
        return all(kind in ("name", "index") and operand != "*" for kind, operand in parse(path))
    except PathRefused:
        return False


def _step(found: re.Match[str]) -> Step:
    if found["quoted"] is not None:
        text = found["quoted"][1:-1]
        return "name", re.sub(r"\\(.)", r"\1", text)
    if found["index"] is not None:
        return "index", tuple(int(each) for each in found["index"].split(","))
    if found["inner"] is not None:
        return "inner", (f"${found['inner']}", found["op"], _literal(found["value"]))
    kind = next(name for name in ("deep", "name", "slice", "all") if found[name] is not None)
    return kind, found[kind]


def _literal(text: str | None) -> Any:
    if text is None:
        return None
    return text[1:-1] if text[0] in "'\"" else json.loads(text)


def _follow(kind: str, operand: Any, value: Any) -> Iterator[Any]:
    if kind == "name":
        if operand == "*":
            yield from _children(value)
        elif isinstance(value, dict) and operand in value:
            yield value[operand]
    elif kind == "index":
        if isinstance(value, list):
            yield from (value[at] for at in operand if -len(value) <= at < len(value))
    elif kind == "all":
        yield from _children(value)
    elif kind == "slice":
        if isinstance(value, list):
            yield from value[slice(*(int(each) if each else None for each in operand.split(":")))]
    elif kind == "deep":
        yield from _deep(operand, value)
    else:
        yield from (each for each in _children(value) if _passes(operand, each))


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _deep(name: str, value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and name != "*" and name in value:
        yield value[name]
    for child in _children(value):
        if name == "*":
            yield child
        yield from _deep(name, child)


def _passes(condition: tuple[str, str | None, Any], value: Any) -> bool:
    path, operator, wanted = condition
    try:
        found = select(value, path)
    except PathMissing:
        return False
    if operator is None:
        return True
    if operator in ("==", "!="):
        return (found == wanted and isinstance(found, bool) == isinstance(wanted, bool)) == (operator == "==")
    try:
        return bool({"<": found < wanted, "<=": found <= wanted, ">": found > wanted, ">=": found >= wanted}[operator])
    except TypeError:
        return False
